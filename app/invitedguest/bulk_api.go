package invitedguest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	gohash "hash"
	"io"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json/jsontext"

	"guestlist/app/table"
	"guestlist/app/text"
	"guestlist/app/users"
	"guestlist/app/utils"
)

const (
	maxBulk     = 10_000  // rows
	maxBulkBody = 5 << 20 // bytes
	maxKey      = 255     // bytes of an Idempotency-Key
	typeCSV     = "text/csv"
	typeXLSX    = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeJSON    = "application/json"
)

// bulkRequest is the query of POST /api/v1/invitedGuest/bulk and, in JSON, the members of its body other than the
// guests.
type bulkRequest struct {
	EventID  int64  `json:"event_id"`
	DryRun   bool   `json:"dry_run"`
	Update   bool   `json:"update"`
	Role     string `json:"role"`     // of rows without a role
	Encoding string `json:"encoding"` // of CSV
	Map      string `json:"map"`      // of a table: table.ParseMap, separated by ;
}

// Validate implements utils.Validator. Fields may come from the query or the body, so check validates them after both
// have been read.
func (*bulkRequest) Validate() utils.FieldErrors { return nil }

func (b *bulkRequest) check(rows int) error {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(b.EventID))
	wrong.Add("role", text.CheckLine(b.Role, maxRole))
	if rows < 1 || rows > maxBulk {
		wrong.Add("guests", fmt.Sprintf("must list 1 to %d people", maxBulk))
	}
	return wrong.Err()
}

// InviteMany invites up to 10,000 people: 200 with the result of each row. People without an account get one. A request
// that is repeated with the same Idempotency-Key gets the first response.
func (a *API) InviteMany(c *gin.Context) error {
	batch, sum, err := a.readBulk(c)
	if err != nil {
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

// readBulk reads the query and, once the caller is authorised, the body: JSON, CSV or an Excel file. It returns a hash
// of both.
func (a *API) readBulk(c *gin.Context) (batch Batch, sum string, err error) {
	var request bulkRequest
	if err := utils.DecodeQuery(c, &request); err != nil {
		return Batch{}, "", err
	}
	mediaType, err := utils.BodyType(c, typeJSON, typeCSV, typeXLSX)
	if err != nil {
		return Batch{}, "", err
	}
	if mediaType != typeJSON && request.EventID < 1 { // a table does not name the event
		return Batch{}, "", utils.FieldErrors{"event_id": utils.CheckID(request.EventID)}
	}
	permission := a.permission(c)
	permission.Named = request.EventID
	permitted, err := permission.Check(c, mediaType)
	if err != nil {
		return Batch{}, "", err
	}
	body, err := utils.OpenBody(c, maxBulkBody)
	if err != nil {
		return Batch{}, "", err
	}
	hashed := newTextHash(mediaType, c.Request.URL.RawQuery)
	batch, err = request.read(c, mediaType, io.TeeReader(body, hashed.next(c.Request.ContentLength)))
	if err != nil {
		return Batch{}, "", err
	}
	if err := request.check(len(batch.People)); err != nil {
		return Batch{}, "", err
	}
	batch.EventID, batch.DryRun, batch.Update = request.EventID, request.DryRun, request.Update
	return batch, hashed.String(), permission.Confirm(request.EventID, permitted)
}

// read reads the body up to its end, or to the first row over the limit.
func (b *bulkRequest) read(c *gin.Context, mediaType string, body io.Reader) (Batch, error) {
	if mediaType != typeJSON {
		return b.readTable(body)
	}
	var people []Candidate
	err := utils.DecodeList(c, body, b, "guests", func(object jsontext.Value) error {
		switch {
		case len(people) == maxBulk:
			return utils.FieldErrors{"guests": fmt.Sprintf("must list 1 to %d people", maxBulk)}
		case len(object) > table.MaxRow:
			return utils.FieldErrors{"guests": fmt.Sprintf("must have at most %d bytes each", table.MaxRow)}
		}
		people = append(people, parseObject(object))
		return nil
	})
	for i := range people { // the role may follow the guests
		people[i].Role = cmp.Or(people[i].Role, b.Role)
	}
	return Batch{People: people}, err
}

func (b *bulkRequest) readTable(body io.Reader) (batch Batch, err error) {
	mapped, err := table.ParseMap(strings.FieldsFunc(b.Map, func(c rune) bool { return c == ';' }))
	if err != nil {
		return Batch{}, utils.FieldErrors{"map": err.Error()}
	}
	if problem := table.CheckEncoding(b.Encoding); problem != "" {
		return Batch{}, utils.FieldErrors{"encoding": problem}
	}
	t, err := newGuestTable(body, b.Role, b.Update, table.Options{Map: mapped, Encoding: b.Encoding})
	if err == nil {
		batch.Columns, batch.Unused = t.Used(), t.Unused()
		batch.People, err = t.read(maxBulk + 1)
	}
	if _, own := errors.AsType[*utils.Error](err); err == nil || own {
		return batch, err
	}
	return Batch{}, utils.FieldErrors{"guests": err.Error()}
}

// bulkKey returns a hash of the caller, the event and the Idempotency-Key; "" without a key and in a dry run.
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

// hash returns a hash of the texts that depends on where each begins.
func hash(texts ...string) string { return newTextHash(texts...).String() }

// textHash hashes a sequence of texts, each preceded by its length.
type textHash struct{ sum gohash.Hash }

func newTextHash(texts ...string) textHash {
	h := textHash{sha256.New()}
	for _, text := range texts {
		_, _ = io.WriteString(h.next(int64(len(text))), text) // never fails
	}
	return h
}

// next returns the writer for the next text, of size bytes; -1 if the size is unknown.
func (h textHash) next(size int64) io.Writer {
	_, _ = fmt.Fprintf(h.sum, "%d:", size)
	return h.sum
}

// String returns the hash of all texts so far.
func (h textHash) String() string { return hex.EncodeToString(h.sum.Sum(nil)) }
