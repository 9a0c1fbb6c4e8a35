package invitedguest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"gorm.io/gorm"

	"guestlist/app/audit"
	"guestlist/app/limits"
	"guestlist/app/mail"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// Batch is many people to invite to an event.
type Batch struct {
	EventID int64
	People  []Candidate
	DryRun  bool // store nothing; the report is the same, without new IDs
	Update  bool // change existing guests

	Columns map[string]string // of a table, for the report
	Unused  []string          // of a table, for the report
}

// InviteMany invites all valid people who are not guests yet. People without an account get one. It takes a few
// statements per 500 rows. It fails with utils.ErrEventNotFound, utils.ErrEventCancelled and, unless Update
// is set, utils.ErrRegistrationClosed.
func (s *Service) InviteMany(ctx context.Context, actor audit.Actor, b Batch) (r Report, err error) {
	err = s.inTurn(ctx, actor, func(tx *gorm.DB) error {
		r, err = s.inviteMany(ctx, tx, actor, b)
		return err
	})
	return r, err
}

// InviteManyOnce is InviteMany for a request that may be repeated: it returns the report as JSON, the first one if the
// key was used before. key is a hash of the sender and the sender's key; empty disables replay. request is a hash of
// the whole request. It fails as InviteMany does, and with utils.ErrIdempotencyKeyReused if the key belongs to another
// request.
func (s *Service) InviteManyOnce(
	ctx context.Context, actor audit.Actor, b Batch, key, request string,
) (report []byte, err error) {
	err = s.inTurn(ctx, actor, func(tx *gorm.DB) error {
		report, err = onceByKey(tx, key, request, func() ([]byte, error) {
			r, err := s.inviteMany(ctx, tx, actor, b)
			if err != nil {
				return nil, err
			}
			return json.Marshal(r)
		})
		return err
	})
	return report, err
}

// How many bulk requests run concurrently, and how many may wait. Each takes seconds and holds a database connection.
const (
	maxActiveBulks  = 2
	maxWaitingBulks = 16
)

// inTurn is transaction for long ones: client networks take turns. It fails with utils.ErrUnavailable if too many wait.
func (s *Service) inTurn(ctx context.Context, actor audit.Actor, do func(tx *gorm.DB) error) error {
	leave, err := s.bulks.Enter(ctx, limits.Network(actor.Client))
	if err != nil {
		return fmt.Errorf("%w: invite many: %w", utils.ErrUnavailable, err)
	}
	defer leave()
	return s.transaction(ctx, do)
}

func (s *Service) inviteMany(ctx context.Context, tx *gorm.DB, actor audit.Actor, b Batch) (Report, error) {
	open := checkOpen(ctx, tx, b.EventID)
	if open != nil && (!b.Update || !errors.Is(open, utils.ErrRegistrationClosed)) {
		return Report{}, open
	}
	known, err := findEventTags(ctx, tx, b.EventID)
	if err != nil {
		return Report{}, err
	}
	r := Report{DryRun: b.DryRun, Results: make([]Outcome, len(b.People)), Columns: b.Columns, Unused: b.Unused}
	valid := r.validate(b, known)
	if b.Update {
		if valid, err = s.updateMany(ctx, tx, actor, b, valid, &r, open == nil); err != nil {
			return Report{}, err
		}
	}
	found, err := ensureUsers(ctx, tx, b, valid)
	if err != nil {
		return Report{}, err
	}
	chosen := r.selectNew(b.People, valid, found)
	if b.DryRun || len(chosen) == 0 {
		return r, nil
	}
	if r.LastMailAt, err = s.storeMany(ctx, tx, b, chosen, found.references, r.Results); err != nil {
		return Report{}, err
	}
	return r, recordMany(ctx, tx, actor, b, chosen, found)
}

// recordMany stores the audit events of the chosen people: one about each, as for single invitations, and one about the
// actor with their number, so that a list of recent events shows it.
func recordMany(ctx context.Context, tx *gorm.DB, actor audit.Actor, b Batch, chosen []int, found batchUsers) error {
	var old, created []int64
	for _, i := range chosen {
		email := b.People[i].Email
		if user, ok := found.made[email]; ok {
			created = append(created, user.ID)
		} else {
			old = append(old, found.references[email].ID)
		}
	}
	detail := map[string]any{"event_id": b.EventID, "guests": len(chosen)}
	return errors.Join(
		audit.RecordEach(ctx, tx, actor, audit.GuestInvited, old, invitedDetail(b.EventID, false)),
		audit.RecordEach(ctx, tx, actor, audit.GuestInvited, created, invitedDetail(b.EventID, true)),
		record(ctx, tx, actor, audit.GuestsInvited, actor.UserID, detail),
	)
}

// selectNew returns the indexes of the valid people who are not guests yet, and records the result of every valid row.
func (r *Report) selectNew(people []Candidate, valid []int, found batchUsers) (chosen []int) {
	for _, i := range valid {
		id := found.references[people[i].Email].ID
		if r.Results[i].UserID = id; found.guests[id] {
			r.Results[i].Result = resultAlready
			r.Already++
			continue
		}
		r.Results[i].Result = resultCreated
		r.Created++
		chosen = append(chosen, i)
	}
	return chosen
}

// validate records invalid and duplicate rows in the report and returns the indexes of the rest.
func (r *Report) validate(b Batch, known eventTags) (valid []int) {
	seen := make(map[string]bool, len(b.People))
	for i := range b.People {
		c := &b.People[i]
		wrong := c.Validate()
		if b.Update {
			wrong = c.relaxForUpdate(wrong)
		}
		wrong.Add("tag_ids", known.resolve(c))
		r.Results[i] = Outcome{Row: cmp.Or(c.row, i+1), Email: c.Email, Errors: wrong}
		switch {
		case len(wrong) > 0:
			r.Results[i].Result = resultInvalid
			r.Invalid++
		case b.Update && c.GuestID != 0: // the id identifies the guest, not the address
			valid = append(valid, i)
		case seen[c.Email]:
			r.Results[i].Result = resultAlready
			r.Already++
		default:
			seen[c.Email] = true
			valid = append(valid, i)
		}
	}
	return valid
}

// batchUsers are the accounts of the people in a batch.
type batchUsers struct {
	references map[string]users.Reference // all, by address
	made       map[string]users.Reference // the new ones
	guests     map[int64]bool             // the IDs of users who are guests already
}

// ensureUsers creates accounts for the valid people who have none, in a language of the event if they name none. In a
// dry run it creates nothing, and people without an account have no reference.
func ensureUsers(ctx context.Context, tx *gorm.DB, b Batch, valid []int) (found batchUsers, err error) {
	language, err := languageOfNew(ctx, tx, b.EventID)
	if err != nil {
		return batchUsers{}, err
	}
	people, emails := make([]users.Person, len(valid)), make([]string, len(valid))
	for n, i := range valid {
		people[n], emails[n] = b.People[i].person(b.EventID), b.People[i].Email
		people[n].Language = cmp.Or(people[n].Language, language)
	}
	if b.DryRun {
		found.references, err = users.References(ctx, tx, emails)
	} else if err = lockEvent(ctx, tx, b.EventID, forUpdate); err == nil {
		found.references, found.made, err = users.Ensure(ctx, tx, people)
	}
	if err != nil {
		return batchUsers{}, err
	}
	found.guests, err = guestsAmong(ctx, tx, b.EventID, found.references)
	maps.Copy(found.references, found.made)
	return found, err
}

// storeMany stores the chosen people as guests, with their tags and mails, and sets their IDs in results. It returns
// approximately when the last mail goes out, or nil if none has to wait.
func (s *Service) storeMany(
	ctx context.Context, tx *gorm.DB, b Batch, chosen []int, references map[string]users.Reference, results []Outcome,
) (lastMailAt *time.Time, err error) {
	rows := make([]InvitedGuest, len(chosen))
	for n, i := range chosen {
		rows[n] = newInvitedGuest(b.EventID, references[b.People[i].Email], b.People[i].Role, s.enqueuedStatus())
	}
	if err := tx.WithContext(ctx).CreateInBatches(rows, rowsPerStatement).Error; err != nil {
		return nil, fmt.Errorf("store guests: %w", err)
	}
	var tagged []GuestTag
	mails := make([]mail.Request, len(chosen))
	for n, i := range chosen {
		results[i].GuestID = rows[n].ID
		tagged = append(tagged, guestTags(rows[n].ID, b.People[i].TagIDs)...)
		mails[n] = newGuestRequest(invitationMail, b.EventID, rows[n].ID)
	}
	if _, err := attach(ctx, tx, tagged); err != nil {
		return nil, err
	}
	return s.enqueue(ctx, tx, b.EventID, mails)
}
