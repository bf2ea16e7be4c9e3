package e2e

import "testing"

// offeringsPlainly asks for access as a stranger; staff edit the webinar, give it
// another time, close its registration, and note who presented; another one is
// cancelled.
func (d *demo) offeringsPlainly(t *testing.T) {
	stranger := d.visit(t, "/offerings", plain)
	stranger.need("a webinar", stranger.follow(request), 200)
	public := stranger.path()
	stranger.at(public + "/access")
	stranger.need("asking for nothing", stranger.press("Send the request"), 422)
	stranger.write("Your name", "Ines Duarte")
	stranger.write("Your email address", "ines.duarte@example.org")
	stranger.write("What do you need?", "The slides beforehand, please.")
	stranger.need("asking for access", stranger.press("Send the request"), 200)
	staff := d.as(t, "staff", plain).at("/staff" + public)
	staff.need("what was arranged", staff.press("Arranged: Ines Duarte"), 200)
	staff.need("the form of the webinar", staff.follow("Edit"), 200)
	staff.need("saving it as it is", staff.press("Save"), 200)
	staff.need("the form of another time", staff.follow("Reschedule"), 200)
	staff.need("no time", staff.press("Reschedule"), 422)
	staff.date("New day", "2027-06-10")
	staff.set(staff.find("label", "Time of day", page), "13:00")
	staff.write("Why?", "The platform is renewed on the third.")
	staff.need("another time", staff.press("Reschedule"), 200)
	staff.saysIn("main", "Jun 10, 2027")
	staff.need("the form to close", staff.follow("Close registration"), 200)
	staff.need("closing", staff.press("Close registration"), 200)
	staff.at("/staff/offerings/a-year-of-stay-interviews")
	staff.need("the form to cancel", staff.follow("Cancel the webinar"), 200)
	staff.need("cancelling without a word", staff.press("Cancel the webinar"), 422)
	staff.write("Why?", "The presenters moved away.")
	staff.need("cancelling", staff.press("Cancel the webinar"), 200)
	staff.travel("2027-06-11")
	staff.at("/staff" + public)
	staff.need("the form of a delivery", staff.follow("Mark as delivered"), 200)
	staff.need("presented by nobody", staff.press("Mark as delivered"), 422)
	staff.Click("[name=presented]")
	staff.need("noting who presented", staff.press("Mark as delivered"), 200)
	staff.saysIn("main", "Delivered")
}
