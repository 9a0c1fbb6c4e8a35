package invitedguest

import (
	"time"

	"guestlist/app/tags"
	"guestlist/app/users"
)

// invited answers an invitation. The first name is the original web client's.
type invited struct {
	GuestID  int64  `json:"invitedGuest_id"`
	EventID  int64  `json:"event_id"`
	UserID   int64  `json:"user_id"`
	Role     string `json:"role"`
	Fullname string `json:"fullname"`
}

func newInvited(g *InvitedGuest, user *users.User) invited {
	return invited{g.ID, g.EventID, g.UserID, g.Role, user.Fullname()}
}

// guest answers with a guest, alone or in a list.
type guest struct {
	ID         int64      `json:"invited_guest_id"`
	EventID    int64      `json:"event_id"`
	User       person     `json:"user"`
	Role       string     `json:"role"`
	Status     Status     `json:"status"`
	AnsweredAt *time.Time `json:"answered_at"` // null: not yet
	Tags       []tag      `json:"tags"`
}

type person struct {
	UserID    int64  `json:"user_id"`
	Email     string `json:"email"`
	Firstname string `json:"firstname"`
	Lastname  string `json:"lastname"`
	UserTitle string `json:"user_title"`
	Language  string `json:"-"` // in tables only
}

// tag is a guest's tag in one language.
type tag struct {
	ID          int64  `json:"id"`
	EventID     int64  `json:"event_id"`
	TagType     string `json:"tag_type"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

func newTag(t *tags.Tag, language string) tag {
	return tag{t.ID, t.EventID, t.TagType, t.Name.In(language), t.Description.In(language)}
}

func newGuest(row *guestRow, found []tag) guest {
	if found == nil {
		found = []tag{} // a list is answered, if empty
	}
	g := guest{
		ID: row.ID, EventID: row.EventID, Role: row.Role, Status: row.Status, Tags: found,
		User: person{row.UserID, row.Email, row.Firstname, row.Lastname, row.UserTitle, row.PrimaryLanguage},
	}
	if row.AnsweredAt != nil {
		at := row.AnsweredAt.UTC()
		g.AnsweredAt = &at
	}
	return g
}

// empty answers what has nothing to say: {}.
type empty struct{}
