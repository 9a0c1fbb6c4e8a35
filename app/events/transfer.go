package events

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// exported is an event in an export, as its administrators see it, with its roles. OrganisationID and OrganisationName
// hide those of editable: they belong to the installation.
type exported struct {
	editable

	OrganisationID   *int64            `json:"organisation_id,omitempty"`
	OrganisationName *string           `json:"organisation_name,omitempty"`
	Roles            []transferredRole `json:"roles"`
}

// transferredRole is a role in an export. It names the user by address, since ids differ between databases.
type transferredRole struct {
	Email string `json:"email"`
	Role  string `json:"role"`
}

// transferred is an exported event for import. It ignores the id and the organisation: the key identifies the event.
type transferred struct {
	eventBody

	Roles       []transferredRole `json:"roles"`
	CancelledAt *time.Time        `json:"cancelled_at"`

	known []string // roles
}

// Validate implements utils.Validator.
func (t *transferred) Validate() utils.FieldErrors {
	t.Organiser = nil
	wrong := t.eventBody.Validate()
	t.event.CancelledAt = t.CancelledAt
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

// exportBatch is the number of events per query.
const exportBatch = 100

// export calls write for each event, or only for the one with the key, if not "". It fails with utils.ErrEventNotFound.
func (s *Service) export(ctx context.Context, key string, write func(*exported) error) error {
	for after := int64(0); ; {
		query := s.db.WithContext(ctx).Where("id > ?", after).Order("id").Limit(exportBatch)
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

// transferResult is the result of importing an event.
type transferResult struct {
	key     string
	created bool // else one with the key existed
}

var errDryRun = errors.New("a dry run")

// importObject stores an event from a file and its roles, unless one with its key exists. It fails with FieldErrors.
func (s *Service) importObject(ctx context.Context, object []byte, dry bool) (result transferResult, err error) {
	body := transferred{eventBody: eventBody{zone: s.zone}, known: s.roles}
	err = utils.DecodeJSON(object, &body)
	if _, fields := errors.AsType[utils.FieldErrors](err); err != nil && !fields {
		return result, utils.FieldErrors{"event": "must be an object without duplicate keys, invalid UTF-8 or U+0000"}
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
	var unknown []string
	for _, role := range roles {
		user, err := users.LockByEmail(ctx, tx, role.Email)
		if errors.Is(err, utils.ErrUserNotFound) {
			unknown = append(unknown, role.Email)
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
	if len(unknown) > 0 {
		return utils.FieldErrors{"roles": "are of addresses without an account: " + strings.Join(unknown, ", ")}
	}
	return nil
}
