package domain

// Action is a move of a proposal; the word is the last part of its route.
type Action string

// The actions of lifecycle order.
const (
	Create          Action = "create"
	Edit            Action = "edit"
	InviteSpeaker   Action = "invite-speaker"
	ChangeCall      Action = "change-call"
	Delete          Action = "delete"
	GrantLate       Action = "late-grant"
	Submit          Action = "submit"
	OverrideGate    Action = "override-gate"
	RecordExternal  Action = "record-external-submission"
	ReturnToDraft   Action = "return-to-draft"
	RequestChanges  Action = "request-changes"
	Withdraw        Action = "withdraw"
	Revive          Action = "revive"
	SaveReview      Action = "review"
	Recuse          Action = "recuse"
	Recommend       Action = "recommend"
	ReleasePacket   Action = "release-packet"
	StageDecision   Action = "stage-decision"
	ClearDecision   Action = "clear-decision"
	PublishDecision Action = "publish-decision"
	Decide          Action = "decide"
	RecordOutcome   Action = "record-outside-outcome"
	Confirm         Action = "confirm"
	DeclineToSpeak  Action = "decline-to-speak"
	ReplaceSpeaker  Action = "replace-speaker"
	Cancel          Action = "cancel"
	CancelEvent     Action = "cancel-event"
	CorrectDecision Action = "correct-decision"
	CarryForward    Action = "carry-forward"
	UndoCarry       Action = "undo-carry-forward"
	MarkDelivered   Action = "mark-delivered"
	MoveGroup       Action = "move-group" // the group was merged into another (X24)
)
