package events

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// exported is an event in a file, as its administrators see it, with the roles in it. Whose it is, is the
// installation's: the fields here take the place of those below.
type exported struct {
	editable

	OrganisationID   *int64            `json:"organisation_id,omitempty"`
	OrganisationName *string           `json:"organisation_name,omitempty"`
	Roles            []transferredRole `json:"roles"`
}

// transferredRole is a role in a file. The ids of users differ between databases; their addresses do not.
type transferredRole struct {
	Email string `json:"email"`
	Role  string `json:"role"`
}

// transferred is an exported event as it is read again. Its id and its organisation are not: the key names the event.
type transferred struct {
	eventBody

	Roles []transferredRole `json:"roles"`

	known []string // roles
}

// Validate implements utils.Validator.
func (t *transferred) Validate() utils.FieldErrors {
	t.Organiser = nil
	wrong := t.eventBody.Validate()
	for i := range t.Roles {
		role := roleBody{EventID: 1, Email: t.Roles[i].Email, Role: t.Roles[i].Role, roles: t.known}
		if role.Email == "" {
			wrong.Add("roles", "must each have an email")
		}
		if problems := role.Validate(); len(problems) > 0 {
			wrong.Add("roles", "are wrong: "+problems.Words())
		}
		t.Roles[i].Email = role.Email
	}
	return wrong
}

// exportedAtOnce is how many events are read at once.
const exportedAtOnce = 100

// export passes each event to write, or only the one with the key. It fails with utils.ErrEventNotFound.
func (s *Service) export(ctx context.Context, key string, write func(*exported) error) error {
	for after := int64(0); ; {
		query := s.db.WithContext(ctx).Where("id > ?", after).Order("id").Limit(exportedAtOnce)
		if key != "" {
			query = query.Where("key = ?", key)
		}
		var found []Event
		if err := query.Find(&found).Error; err != nil {
			return fmt.Errorf("read events: %w", err)
		}
		if len(found) == 0 {
			if key != "" && after == 0 {
				return utils.ErrEventNotFound
			}
			return nil
		}
		for i := range found {
			if err := s.exportOne(ctx, &found[i], write); err != nil {
				return err
			}
		}
		after = found[len(found)-1].ID
	}
}

func (s *Service) exportOne(ctx context.Context, event *Event, write func(*exported) error) error {
	held, err := listRoles(ctx, s.db, event.ID)
	if err != nil {
		return err
	}
	result := exported{editable: newEditable(event, true, Organisation{}), Roles: make([]transferredRole, len(held))}
	for i := range held {
		result.Roles[i] = transferredRole{held[i].User.Email, held[i].Role}
	}
	return write(&result)
}

// transferResult is what became of an event.
type transferResult struct {
	key     string
	created bool // else there was one with the key
}

var errDryRun = errors.New("a dry run")

// importObject stores an event of a file and its roles, unless there is one with its key. It fails with FieldErrors.
func (s *Service) importObject(ctx context.Context, object []byte, dry bool) (result transferResult, err error) {
	body := transferred{eventBody: eventBody{zone: s.zone}, known: s.roles}
	err = utils.DecodeJSON(object, &body)
	if _, fields := errors.AsType[utils.FieldErrors](err); err != nil && !fields {
		return result, utils.FieldErrors{"event": "must be an object without a key twice, invalid UTF-8 and U+0000"}
	}
	if err != nil {
		return result, err
	}
	result.key = body.Key
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		event, created, err := Import(ctx, tx, &Document{body.eventBody})
		if err != nil || !created {
			return err
		}
		result.created = true
		if err := s.importRoles(ctx, tx, event.ID, body.Roles); err != nil || !dry {
			return err
		}
		return errDryRun
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return result, err
}

// importRoles stores the roles in a new event.
func (s *Service) importRoles(ctx context.Context, tx *gorm.DB, eventID int64, roles []transferredRole) error {
	var nobody []string
	for _, role := range roles {
		user, err := users.LockByEmail(ctx, tx, role.Email)
		if errors.Is(err, utils.ErrUserNotFound) {
			nobody = append(nobody, role.Email)
			continue
		}
		if err != nil {
			return err
		}
		_, err = s.ImportRole(ctx, tx, audit.Operator(), Role{EventID: eventID, UserID: user.ID, Role: role.Role})
		if err != nil {
			return err
		}
	}
	if len(nobody) > 0 {
		return utils.FieldErrors{"roles": "are of addresses that nobody has: " + strings.Join(nobody, ", ")}
	}
	return nil
}
