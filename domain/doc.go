// Package domain holds what Lectern knows about proposals, the groups that make
// them and the venues they go to: the words, the rules and the one table of
// moves. It is pure: no clock, no database, no network.
//
// # Glossary
//
//   - Group: a committee, interest group, working group or Leadership Team of a section.
//   - Term: a person's time in a group, from July 1 to June 30.
//   - Program year: July to June, written 2026-27.
//   - Venue: where a proposal can go: ALA Annual, Core Forum, webinars, another division.
//   - Format: a kind of program at a venue: session, pre-conference, breakout, poster, webinar.
//   - Call: the invitation for one venue, format and program year, open between two instants.
//   - Form: what a call asks for; its limits are data, and the call pins a version.
//   - Proposal: one program or webinar from first draft to a decision.
//   - Recommendation: the Leadership Team's advice on a Core Forum proposal. Decision: the binding outcome.
//   - Carry-forward: a declined, alternate or cancelled proposal that enters again elsewhere, with its lineage.
//   - Quota: what a group owes a venue in a program year. It counts submissions, never acceptances.
//   - Stipend: a flat payment to a speaker of a selected webinar, three at most.
//   - Notice: a mail, written in the transaction that caused it.
package domain
