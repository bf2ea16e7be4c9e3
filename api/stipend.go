package api

import (
	"fmt"
	"net/http"

	"lectern/domain"
	"lectern/workflows"
)

func (s StipendOut) etag() int        { return s.Version }
func (s StipendOut) location() string { return "/stipends/" + s.ID }

// stipendRoutes are the routes of stipends: the moves' come from their table.
func (s *Server) stipendRoutes() []*route {
	return []*route{
		endpoint(get, "/stipends", "The stipends' ledger, last designated first; for finance, staff and administrators", s.listStipends),
		endpoint(get, "/stipends/tax-report", "What each payee got in a calendar year, with the year-end threshold", s.taxReport),
		endpoint(get, "/stipends/:id", "A stipend, with what you may do", s.getStipend),
		endpoint(post, "/proposals/:id/stipends", "Designate a speaker of an accepted webinar for a stipend", s.designate).answers(http.StatusCreated),
		endpoint(post, "/stipends/:id/accept", "Accept a stipend, for the speaker or the employer", actOnStipend(s, domain.AcceptMoney, acceptIn.move)),
		endpoint(post, "/stipends/:id/waive", "Waive a stipend; its place is free again", actOnStipend(s, domain.WaiveMoney, stipendIn.move)),
		endpoint(post, "/stipends/:id/agreement", "Note that the signed agreement came", actOnStipend(s, domain.NoteContract, agreementIn.move)),
		endpoint(post, "/stipends/:id/tax-form", "Note that the tax form came; W-8BEN is a hold for finance", actOnStipend(s, domain.NoteTaxForm, taxFormIn.move)),
		endpoint(post, "/stipends/:id/approve", "Approve a stipend of a delivered webinar", actOnStipend(s, domain.ApproveMoney, stipendIn.move)).needsKey(),
		endpoint(post, "/stipends/:id/pay", "Record the payment of an approved stipend", actOnStipend(s, domain.PayMoney, payIn.move)).needsKey(),
		endpoint(post, "/stipends/:id/return", "Record that a payment came back", actOnStipend(s, domain.ReturnMoney, returnIn.move)).needsKey(),
		endpoint(post, "/stipends/:id/void", "End a stipend that is not paid", actOnStipend(s, domain.VoidMoney, stipendIn.move)),
		endpoint(post, "/stipends/approve", "Approve each of several stipends that can be, and say why others cannot", s.approveStipends).needsKey(),
		endpoint(post, "/stipends/pay", "Record several payments, all or none", s.payStipends).needsKey(),
		endpoint(post, "/imports/stipend-payments", "Read payments back from CSV: stipend, method, reference, paid_on; all or none", s.importPayments).takesFile().needsKey(),
	}
}

func (s *Server) stipends() workflows.Stipends {
	return workflows.Stipends{Proposals: s.proposals()}
}

// StipendOut is a stipend of an accepted webinar; money is in whole cents of US
// dollars. The group of the webinar is shown its state; what it is about, to
// finance, staff and administrators: for others these are empty or 0.
type StipendOut struct {
	ID          string              `json:"id"`
	Version     int                 `json:"version"`
	ProposalID  string              `json:"proposal_id"`
	SpeakerID   string              `json:"speaker_id"`
	Place       int                 `json:"place"` // 1 to 3; 0 when a sponsor pays
	AmountCents int                 `json:"amount_cents"`
	Currency    string              `json:"currency"`
	State       domain.StipendState `json:"state"`
	Stage       domain.StipendStage `json:"stage"` // what it waits for
	FundedBy    domain.Funding      `json:"funded_by"`
	Presented   *bool               `json:"presented"` // null before delivery
	Employer    string              `json:"employer"`  // is paid instead of the speaker
	AgreementOn domain.Date         `json:"agreement_on"`
	TaxFormOn   domain.Date         `json:"tax_form_on"`
	TaxForm     domain.TaxForm      `json:"tax_form"`
	Hold        string              `json:"hold"` // why finance decides by hand
	VoidReason  string              `json:"void_reason"`
	Warnings    []string            `json:"warnings"` // it looks as if one person had two
	Actions     []StipendActionOut  `json:"actions"`
}

// StipendActionOut is one move of a stipend with what stands in its way.
type StipendActionOut struct {
	Action  domain.StipendAction `json:"action"`
	Allowed bool                 `json:"allowed"`
	Reasons []ReasonOut          `json:"reasons"`
}

func stipendOut(s domain.Stipend, p domain.Proposal, f domain.Facts) StipendOut {
	out := StipendOut{
		ID: s.ID, Version: s.Version, ProposalID: s.ProposalID, SpeakerID: s.SpeakerID, Place: s.Slot, AmountCents: s.AmountCents, Currency: "USD",
		State: s.State, Stage: s.Stage(p.Delivered()), FundedBy: s.FundedBy, Presented: s.Presented, Warnings: []string{}, Actions: []StipendActionOut{},
	}
	if f.Actor.SeesMoney() {
		out.Employer, out.AgreementOn, out.TaxFormOn, out.TaxForm, out.Hold, out.VoidReason = s.Employer, s.AgreementOn, s.TaxFormOn, s.TaxForm, s.Hold, s.VoidReason
	}
	for _, t := range domain.Twins(domain.Active(f.Speakers), f.Stipends) {
		if t.A.ID == s.SpeakerID || t.B.ID == s.SpeakerID {
			out.Warnings = append(out.Warnings, twinWords(t))
		}
	}
	for _, a := range s.Open(p, f) {
		out.Actions = append(out.Actions, StipendActionOut{a.Action, len(a.Reasons) == 0, reasonsOut(a.Reasons)})
	}
	return out
}

func twinWords(t domain.Twin) string {
	return fmt.Sprintf("%s has two stipends here, under %s and %s: same name and institution. If it is one person, end one of the two.", t.A.Name, orNoAddress(t.A), orNoAddress(t.B))
}

func orNoAddress(s domain.Speaker) string { return or2(s.Email, "no address") }

func (s *Server) getStipend(c *Call, in byID) (StipendOut, error) {
	v, err := s.stipends().Get(c.Ctx(), c.Actor, in.ID)
	return stipendOut(v.Stipend, v.Proposal, v.Facts), err
}

type designateIn struct {
	byID
	SpeakerID string         `json:"speaker_id" validate:"required,max=64"`
	FundedBy  domain.Funding `json:"funded_by" validate:"omitempty,oneof=section external"` // external: a sponsor pays; takes no place
}

func (s *Server) designate(c *Call, in designateIn) (StipendOut, error) {
	by := in.FundedBy
	if by == "" {
		by = domain.FundedHere
	}
	st, err := s.Proposals.DesignateFor(c.Ctx(), c.Actor, in.ID, in.SpeakerID, by)
	if err != nil {
		return StipendOut{}, err
	}
	return s.stipendNow(c, st)
}

// stipendNow is a stipend as it stands after a move.
func (s *Server) stipendNow(c *Call, st domain.Stipend) (StipendOut, error) {
	if c.DryRun { // it is not there
		return stipendOut(st, domain.Proposal{}, domain.Facts{Actor: c.Actor}), nil
	}
	return s.getStipend(c, byID{st.ID})
}

type stipendIn struct {
	byID
	Reason string `json:"reason" validate:"max=5000"` // void; approve, when finance decides by hand
}

func (in stipendIn) move() (string, domain.Input) { return in.ID, domain.Input{Reason: in.Reason} }

type acceptIn struct {
	byID
	Employer string `json:"employer" validate:"max=200"` // to be paid instead of the speaker; empty: the speaker
}

func (in acceptIn) move() (string, domain.Input) { return in.ID, domain.Input{Employer: in.Employer} }

type agreementIn struct {
	byID
	On domain.Date `json:"on" validate:"max=10"` // the day it came
}

func (in agreementIn) move() (string, domain.Input) { return in.ID, domain.Input{On: in.On} }

type taxFormIn struct {
	byID
	On   domain.Date    `json:"on" validate:"max=10"` // the day it came
	Form domain.TaxForm `json:"form" validate:"omitempty,oneof=w9 w8ben"`
}

func (in taxFormIn) move() (string, domain.Input) {
	return in.ID, domain.Input{On: in.On, TaxForm: in.Form}
}

type payIn struct {
	byID
	paymentIn
}

// paymentIn is one payment as finance made it.
type paymentIn struct {
	Method    domain.PaymentMethod `json:"method" validate:"omitempty,oneof=check ach other"`
	Reference string               `json:"reference" validate:"max=200"` // the check's number, or the transfer's
	PaidOn    domain.Date          `json:"paid_on" validate:"max=10"`
}

func (in paymentIn) payment() domain.PaymentInput {
	return domain.PaymentInput{Method: in.Method, Reference: in.Reference, PaidOn: in.PaidOn}
}

func (in payIn) move() (string, domain.Input) {
	return in.ID, domain.Input{Payment: in.payment()}
}

type returnIn struct {
	byID
	On     domain.Date `json:"on" validate:"max=10"` // the day it came back
	Reason string      `json:"reason" validate:"max=5000"`
}

func (in returnIn) move() (string, domain.Input) {
	return in.ID, domain.Input{On: in.On, Reason: in.Reason}
}

func actOnStipend[In any](s *Server, a domain.StipendAction, read func(In) (string, domain.Input)) func(*Call, In) (StipendOut, error) {
	return func(c *Call, in In) (StipendOut, error) {
		id, input := read(in)
		st, err := s.Proposals.ActOnStipend(c.Ctx(), c.Actor, id, a, workflows.Move{Version: c.IfMatch, Input: input})
		if err != nil {
			return StipendOut{}, err
		}
		return s.stipendNow(c, st)
	}
}
