package invitedguest

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"guestlist/app/secrets"
	"guestlist/app/utils"
)

// codes make and read the codes by which guests answer without signing in. A code is signed, not stored: it names an
// invitation, and is valid while that exists. Possession of the code authenticates the guest.
type codes struct{ signed *secrets.Cursors }

func newCodes(keys secrets.KeySet) codes { return codes{secrets.NewCursors(keys)} }

const codeName = "invitation"

// ticket is what a code says. Databases reuse ids: the time tells an invitation from an earlier one.
type ticket struct {
	ID      int64 `json:"i"`
	Invited int64 `json:"t"` // microseconds
}

// of returns the code for the guest.
func (c codes) of(g *InvitedGuest) (string, error) {
	return c.signed.Encode(codeName, ticket{g.ID, g.CreatedAt.UnixMicro()})
}

// find returns the guest whose code it is, with event and user, or utils.ErrInvitationNotValid.
func (c codes) find(ctx context.Context, db *gorm.DB, code string) (*InvitedGuest, error) {
	var said ticket
	if err := c.signed.Decode(codeName, code, &said); err != nil {
		return nil, fmt.Errorf("%w: it was not signed here", utils.ErrInvitationNotValid)
	}
	g, err := load(ctx, db, said.ID)
	switch {
	case errors.Is(err, utils.ErrGuestNotFound):
		return nil, fmt.Errorf("%w: %w", utils.ErrInvitationNotValid, err)
	case err != nil:
		return nil, err
	case g.CreatedAt.UnixMicro() != said.Invited:
		return nil, fmt.Errorf("%w: it is of an invitation before", utils.ErrInvitationNotValid)
	}
	return g, nil
}
