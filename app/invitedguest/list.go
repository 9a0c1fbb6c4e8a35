package invitedguest

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"guestlist/app/text"
	"guestlist/app/utils"
)

// List answers the guests of an event, as JSON or as CSV: 200 with all of them, or, where a limit or a cursor is given,
// with a page and in the Link header (RFC 8288) the address of the next one.
func (a *API) List(c *gin.Context) error {
	request := listing{Sort: defaultSort}
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	language, err := utils.Language(c, "")
	if err != nil {
		return err
	}
	if err := a.administers(c, request.EventID); err != nil {
		return err
	}
	if request.TagID != nil {
		if err := checkTagsOf(c.Request.Context(), a.db, request.EventID, []int64{*request.TagID}); err != nil {
			return err
		}
	}
	request.Language = language
	if request.Limit == nil && request.Cursor == "" {
		return a.listAll(c, request)
	}
	return a.listPage(c, request)
}

func (a *API) listPage(c *gin.Context, request listing) error {
	after, err := utils.DecodeCursor[position](a.cursors, request.name(), request.Cursor)
	if err != nil {
		return err
	}
	ctx, limit := c.Request.Context(), defaultLimit
	if request.Limit != nil {
		limit = *request.Limit
	}
	rows, err := list(ctx, a.db, request, after, limit+1) // one more is asked for than answered
	if err != nil {
		return err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next, err := a.cursors.Encode(request.name(), rows[limit-1].position(request.Sort))
		if err != nil {
			return err
		}
		query := c.Request.URL.Query()
		query.Set("cursor", next)
		c.Header("Link", fmt.Sprintf(`<%s?%s>; rel="next"`, c.Request.URL.Path, query.Encode()))
	}
	found, err := withTags(ctx, a.db, rows, request.Language)
	if err != nil {
		return err
	}
	out := newSink(c, request)
	return finish(c, out, out.write(found))
}

// listAll answers all guests, however many, a batch at a time. Each batch has the time that other requests have for their
// whole answer, so that the list goes on for as long as the database and the client do. Nothing of the database is held
// while the client takes a batch.
func (a *API) listAll(c *gin.Context, request listing) error {
	batch, next, err := readBatch(c.Request.Context(), a.db, request, nil)
	if err != nil { // before the answer begins, it has an answer of its own
		return err
	}
	if c.Request.Method == http.MethodHead {
		next = nil // nobody gets the others
	}
	out := newSink(c, request)
	err = out.write(batch)
	for err == nil && next != nil {
		batch, next, err = a.renewedBatch(c, request, next)
		if err == nil {
			err = out.write(batch)
		}
	}
	return finish(c, out, err)
}

func (a *API) renewedBatch(c *gin.Context, request listing, after *position) ([]guest, *position, error) {
	ctx, cancel := utils.Renew(c)
	defer cancel()
	return readBatch(ctx, a.db, request, after)
}

// finish ends an answer that has begun. One that cannot be ended is cut, so that half of it does not pass as a whole; only
// HTTP/1.0 has no way to tell.
func finish(c *gin.Context, out sink, err error) error {
	if err == nil {
		err = out.close()
	}
	if err != nil {
		_ = c.Error(err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

const (
	defaultLimit = 50
	maxLimit     = 1000
	maxSearch    = 100
	defaultSort  = "id"
	formatCSV    = "csv"
	formatJSON   = "json"
)

// listing is the query of GET /api/v1/invitedGuestList.
type listing struct {
	EventID  int64  `json:"event_id"`
	Limit    *int   `json:"limit"`
	Cursor   string `json:"cursor"`
	Q        string `json:"q"`
	Role     string `json:"role"`
	Status   Status `json:"status"`
	TagID    *int64 `json:"tag_id"`
	Sort     string `json:"sort"` // id, email or lastname, behind a - for the greatest first
	Format   string `json:"format"`
	Language string `json:"language"`
}

// Validate implements utils.Validator.
func (l *listing) Validate() utils.FieldErrors {
	var wrong utils.FieldErrors
	wrong.Add("event_id", utils.CheckID(l.EventID))
	if l.Limit != nil && (*l.Limit < 1 || *l.Limit > maxLimit) {
		wrong.Add("limit", fmt.Sprintf("must be a whole number from 1 to %d", maxLimit))
	}
	wrong.Add("q", text.CheckLine(l.Q, maxSearch))
	wrong.Add("role", text.CheckLine(l.Role, maxRole))
	if l.Status != "" && l.Status != Invited && checkAnswer(l.Status) != "" {
		wrong.Add("status", "must be invited, accepted or declined")
	}
	if l.TagID != nil {
		wrong.Add("tag_id", utils.CheckID(*l.TagID))
	}
	if keyColumns[l.column()] == "" {
		wrong.Add("sort", "must be id, email or lastname, behind a - for the greatest first")
	}
	if l.Format != "" && l.Format != formatCSV && l.Format != formatJSON {
		wrong.Add("format", "must be json or csv")
	}
	return wrong
}

func (l *listing) column() string { return strings.TrimPrefix(l.Sort, "-") }

// direction is what stands behind a column in ORDER BY.
func (l *listing) direction() string {
	if strings.HasPrefix(l.Sort, "-") {
		return " DESC"
	}
	return ""
}

// ahead is how what comes later in the list compares.
func (l *listing) ahead() string {
	if l.direction() != "" {
		return "<"
	}
	return ">"
}

// name says what list it is that a cursor is a place in.
func (l *listing) name() string {
	tagID := int64(0)
	if l.TagID != nil {
		tagID = *l.TagID
	}
	return fmt.Sprintf("guests\x00%d\x00%s\x00%s\x00%s\x00%s\x00%d", l.EventID, l.Sort, l.Q, l.Role, l.Status, tagID)
}
