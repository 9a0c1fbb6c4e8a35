package invitedguest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json/jsontext"

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

// bulkRequest is the query of POST /api/v1/invitedGuest/bulk and, but for CSV, its body.
type bulkRequest struct {
	EventID int64            `json:"event_id"`
	DryRun  bool             `json:"dry_run"`
	Role    string           `json:"role"` // of rows that name none
	Guests  []jsontext.Value `json:"guests"`
}

// Validate implements utils.Validator. Fields may come from the query or the body, so check checks them after both are
// read.
func (*bulkRequest) Validate() utils.FieldErrors { return nil }

func (b *bulkRequest) check(rows int) error {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(b.EventID))
	wrong.Add("role", text.CheckLine(b.Role, maxRole))
	if rows < 1 || rows > maxBulk {
		wrong.Add("guests", fmt.Sprintf("must be from 1 to %d", maxBulk))
	}
	return wrong.Err()
}

// InviteMany invites up to 10,000 people at once: 200 with the result of each row. People without an account get one.
// With an Idempotency-Key, the same request sent again gets the first response again.
func (a *API) InviteMany(c *gin.Context) error {
	batch, sum, err := readBulk(c)
	if err != nil {
		return err
	}
	if err := a.administers(c, batch.EventID); err != nil {
		return err
	}
	key, err := bulkKey(c, batch)
	if err != nil {
		return err
	}
	body, err := a.service.InviteManyOnce(c.Request.Context(), users.Actor(c), batch, key, sum)
	if err != nil {
		return err
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", body)
	return nil
}

// readBulk reads the query and the body, JSON or CSV, and returns a hash of both.
func readBulk(c *gin.Context) (batch Batch, sum string, err error) {
	var request bulkRequest
	if err := utils.DecodeQuery(c, &request); err != nil {
		return Batch{}, "", err
	}
	request.Guests = nil // not a parameter
	dry := request.DryRun
	mediaType, body, err := utils.ReadBody(c, maxBulkBody, typeJSON, typeCSV)
	if err != nil {
		return Batch{}, "", err
	}
	var people []Candidate
	if mediaType == typeCSV {
		people, err = parseTable(body, request.Role)
	} else if err = utils.DecodeJSON(body, &request); err == nil {
		people = parseObjects(request.Guests, request.Role)
	}
	if err != nil {
		return Batch{}, "", err
	}
	dry = dry || request.DryRun // a member that is null or false does not undo the parameter
	sum = hash(mediaType, c.Request.URL.RawQuery, string(body))
	return Batch{request.EventID, people, dry}, sum, request.check(len(people))
}

func parseTable(body []byte, role string) ([]Candidate, error) {
	t, err := newTable(bytes.NewReader(body), role)
	if err != nil {
		return nil, utils.FieldErrors{"guests": err.Error()}
	}
	people, err := t.read(maxBulk + 1)
	if err != nil {
		return nil, utils.FieldErrors{"guests": err.Error()}
	}
	return people, nil
}

// bulkKey returns a hash of the caller, the event and the Idempotency-Key; it is empty without a key, and in a dry run.
func bulkKey(c *gin.Context, b Batch) (string, error) {
	key := c.GetHeader("Idempotency-Key")
	if len(key) > maxKey {
		return "", utils.FieldErrors{"Idempotency-Key": fmt.Sprintf("must have at most %d bytes", maxKey)}
	}
	if key == "" || b.DryRun {
		return "", nil
	}
	return hash(fmt.Sprint(users.Current(c).ID), fmt.Sprint(b.EventID), key), nil
}

// hash returns a hash of texts, in which none runs into the next.
func hash(texts ...string) string {
	sum := sha256.New()
	for _, text := range texts {
		_, _ = fmt.Fprintf(sum, "%d:%s", len(text), text) // never fails
	}
	return hex.EncodeToString(sum.Sum(nil))
}
