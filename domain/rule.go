package domain

// Rules are the sentences behind refusals, as the section's handbook and the
// venues' own calls have them. A Reason names one by its key, so that every
// refusal can answer "Why?".
var Rules = map[string]string{
	"R1":  "ALA Annual: Please submit a minimum of two programs for consideration at ALA Annual.",
	"R2":  "The may be a pre-conference or regular session.",
	"R3":  "Please ensure a variety of topics and presenters are included in your submissions.",
	"R4":  "Speakers should not be limited to committee members only.",
	"R6":  "Core Forum: Please submit at least one breakout session for consideration at Core Forum.",
	"R7":  "Submissions for poster sessions and pre-conferences are highly encouraged.",
	"R8":  "Webinars: Please submit at least two webinars annually for consideration as a Core webinar offering.",
	"R9":  "Up to three speakers per selected webinar will receive a stipend of $150.",
	"R10": "Other Divisions: If time allows, or your committee is interested in submitting to other ALA Divisions conferences and webinars, you are encouraged to do so, as long as you have completed the above.",
	"R12": "Reviews Core Forum proposals and makes recommendations to Core Forum Committee.",
	"R13": "Typically, notifications for accept/decline of ALA Annual proposals are sent in December.",
	"R14": "Determine if any proposals that are declined for Annual should carry forward for Core Forum or Webinar consideration.",
	"R15": "If Webinar, submit.",
	"R16": "Core Forum are due traditionally in March.",
	"R17": "Submit Webinar proposals (January).",
	"R18": "Submit proposals for ALA Annual (September).",
	"R21": "In general should be between 6-12 members including the Co-Chairs.",
	"R22": "Each Committee should have a Chair or two Co-Chairs.",
	"R23": "The Co-Chairs will be appointed from the Committee membership.",
	"R24": "Committee Chairs and Committee Members are appointed by the L&M Leadership Team.",
	"R25": "It is a best practice to rotate committee chairs to allow all members an opportunity to lead.",
	"R32": "Each Interest Group should have a minimum of one Chair. Ideally, an Interest Group will have an addition 1-2 members in addition to the Chair (total of 2-3).",
	"R54": "Appointments are made in one- or two-year terms and are from July 1 to June 30.",
}
