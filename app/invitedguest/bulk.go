package invitedguest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json/jsontext"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guestlist/app/audit"
	"guestlist/app/text"
	"guestlist/app/users"
	"guestlist/app/utils"
)

const (
	maxBulk     = 10_000  // rows
	maxBulkBody = 5 << 20 // bytes
	maxKey      = 255     // bytes of an Idempotency-Key
	typeCSV     = "text/csv"
	typeJSON    = "application/json"
)

// bulk is what POST /api/v1/invitedGuest/bulk is told in its query and, but for CSV, in its body.
type bulk struct {
	EventID int64            `json:"event_id"`
	DryRun  bool             `json:"dry_run"`
	Role    string           `json:"role"` // of rows that name none
	Guests  []jsontext.Value `json:"guests"`
}

// Validate implements utils.Validator: what stands neither here nor there is told when both were read.
func (*bulk) Validate() utils.FieldErrors { return nil }

func (b *bulk) check(rows int) error {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(b.EventID))
	wrong.Add("role", text.CheckLine(b.Role, maxRole))
	if rows < 1 || rows > maxBulk {
		wrong.Add("guests", fmt.Sprintf("must be from 1 to %d", maxBulk))
	}
	return wrong.Err()
}

// InviteMany invites up to 10,000 people at once: 200 with what became of each. Who is no user yet becomes one. With an
// Idempotency-Key, the same request sent again is answered as it was the first time.
func (a *API) InviteMany(c *gin.Context) error {
	request, candidates, sum, err := readBulk(c)
	if err != nil {
		return err
	}
	if err := a.administers(c, request.EventID); err != nil {
		return err
	}
	key, err := bulkKey(c, request)
	if err != nil {
		return err
	}
	var body []byte
	err = a.db.WithContext(c.Request.Context()).Transaction(func(tx *gorm.DB) error {
		body, err = once(tx, key, sum, func() (any, error) { return a.bulk(c, tx, request, candidates) })
		return err
	})
	if err != nil {
		return err
	}
	a.outbox.Wake()
	c.Data(http.StatusOK, "application/json; charset=utf-8", body)
	return nil
}

// bulk invites the candidates in tx.
func (a *API) bulk(c *gin.Context, tx *gorm.DB, request bulk, candidates []candidate) (report, error) {
	r, err := a.inviteMany(c.Request.Context(), tx, request.EventID, candidates, request.DryRun)
	if err == nil && r.Created > 0 && !request.DryRun {
		err = record(c, tx, audit.GuestsInvited, users.Current(c).ID, map[string]any{"event_id": request.EventID, "guests": r.Created})
	}
	return r, err
}

// readBulk reads the query and the body, JSON or CSV, and returns a hash of both.
func readBulk(c *gin.Context) (request bulk, candidates []candidate, sum string, err error) {
	if err := utils.DecodeQuery(c, &request); err != nil {
		return bulk{}, nil, "", err
	}
	request.Guests = nil // are no parameter
	dry := request.DryRun
	mediaType, body, err := utils.ReadBody(c, maxBulkBody, typeJSON, typeCSV)
	if err != nil {
		return bulk{}, nil, "", err
	}
	if mediaType == typeCSV {
		candidates, err = parseTable(body, request.Role)
	} else if err = utils.DecodeJSON(body, &request); err == nil {
		candidates = parseObjects(request.Guests, request.Role)
	}
	if err != nil {
		return bulk{}, nil, "", err
	}
	request.DryRun = request.DryRun || dry // whichever says so: a member that is null or false takes nothing back
	return request, candidates, hash(mediaType, c.Request.URL.RawQuery, string(body)), request.check(len(candidates))
}

func parseTable(body []byte, role string) ([]candidate, error) {
	t, err := newTable(bytes.NewReader(body), role)
	if err != nil {
		return nil, utils.FieldErrors{"guests": err.Error()}
	}
	candidates, err := t.read(maxBulk + 1)
	if err != nil {
		return nil, utils.FieldErrors{"guests": err.Error()}
	}
	return candidates, nil
}

// bulkKey returns what a request that may come again is known by: nothing without an Idempotency-Key, and in a dry run.
func bulkKey(c *gin.Context, request bulk) (string, error) {
	key := c.GetHeader("Idempotency-Key")
	if len(key) > maxKey {
		return "", utils.FieldErrors{"Idempotency-Key": fmt.Sprintf("must have at most %d bytes", maxKey)}
	}
	if key == "" || request.DryRun {
		return "", nil
	}
	return hash(fmt.Sprint(users.Current(c).ID), fmt.Sprint(request.EventID), key), nil
}

// once does what do does and returns its result as JSON, or returns what it was when the key was used the first time. Of
// two who come at once, one waits for the other. Another request with that key is utils.ErrIdempotencyKeyReused.
func once(tx *gorm.DB, key, request string, do func() (any, error)) ([]byte, error) {
	row := BulkAnswer{Key: key, Request: request}
	if key != "" {
		stored := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
		if stored.Error != nil {
			return nil, fmt.Errorf("store an Idempotency-Key: %w", stored.Error)
		}
		if stored.RowsAffected == 0 {
			return answeredBefore(tx, row)
		}
	}
	result, err := do()
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(result)
	if err != nil {
		return nil, fmt.Errorf("write an answer: %w", err)
	}
	if key == "" {
		return body, nil
	}
	if err := tx.Model(&row).UpdateColumn("answer", string(body)).Error; err != nil {
		return nil, fmt.Errorf("store an answer: %w", err)
	}
	return body, nil
}

func answeredBefore(tx *gorm.DB, row BulkAnswer) ([]byte, error) {
	var found BulkAnswer
	if err := tx.Where("key = ?", row.Key).Take(&found).Error; err != nil {
		return nil, fmt.Errorf("find an answer: %w", err)
	}
	if found.Request != row.Request {
		return nil, utils.ErrIdempotencyKeyReused
	}
	return []byte(found.Answer), nil
}

// hash returns a hash of texts, in which none runs into the next.
func hash(texts ...string) string {
	sum := sha256.New()
	for _, text := range texts {
		_, _ = fmt.Fprintf(sum, "%d:%s", len(text), text) // never fails
	}
	return hex.EncodeToString(sum.Sum(nil))
}
