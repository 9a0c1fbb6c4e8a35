package invitedguest

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"guestlist/app/table"
	"guestlist/app/users"
	"guestlist/app/utils"
)

// List returns the guests of an event, as JSON or as a table: 200 with all of them or, with a limit or a cursor, a page
// with a Link header (RFC 8288) to the next one.
func (a *API) List(c *gin.Context) error {
	request := listing{ListQuery: utils.NewListQuery()}
	if err := utils.DecodeQuery(c, &request); err != nil {
		return err
	}
	language, err := utils.LanguageOr(c, "", users.Current(c).PrimaryLanguage)
	if err != nil {
		return err
	}
	if err := a.authorise(c, request.EventID); err != nil {
		return err
	}
	if request.TagID != nil {
		if err := a.service.CheckTag(c.Request.Context(), request.EventID, *request.TagID); err != nil {
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
	page, err := request.Page(a.cursors, request.name())
	if err != nil {
		return err
	}
	found, last, err := a.service.list(c.Request.Context(), request, page)
	if err != nil {
		return err
	}
	page.After = last
	if err := page.Link(c); err != nil {
		return err
	}
	out := newSink(c, request)
	return finish(c, out, out.write(found))
}

// listAll streams all guests in batches. Each batch gets the time limit of a whole ordinary response, so that a list of
// any length can be read. No database connection is held while the client receives a batch.
func (a *API) listAll(c *gin.Context, request listing) error {
	page := request.allGuests()
	batch, last, err := a.service.list(c.Request.Context(), request, page)
	if err != nil { // nothing is written yet: the caller can report the error
		return err
	}
	if c.Request.Method == http.MethodHead {
		last = nil // the response has no body
	}
	out := newSink(c, request)
	err = out.write(batch)
	for err == nil && last != nil {
		page.After = last
		batch, last, err = a.renewedBatch(c, request, page)
		if err == nil {
			err = out.write(batch)
		}
	}
	return finish(c, out, err)
}

func (a *API) renewedBatch(c *gin.Context, request listing, page utils.Page) ([]Guest, *utils.Position, error) {
	ctx, cancel := utils.Renew(c)
	defer cancel()
	return a.service.list(ctx, request, page)
}

// finish ends a response that has started. On an error it aborts the connection, so that a truncated response is not
// mistaken for a complete one; only HTTP/1.0 clients cannot tell.
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

// newSink starts a response in the format requested by the query or the Accept header.
func newSink(c *gin.Context, request listing) sink {
	c.Writer.Header().Add("Vary", "Accept") // Add: CORS may have set Origin
	format := cmp.Or(request.Format, accepted(c.GetHeader("Accept")))
	if kind, ok := tableKinds[format]; ok {
		c.Header("Content-Type", kind.mediaType)
		c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="guests-%d.%s"`, request.EventID, kind.extension))
		c.Status(http.StatusOK)
		return newTableSink(c.Writer, table.Format(format))
	}
	c.Header("Content-Type", "application/json; charset=utf-8")
	c.Status(http.StatusOK)
	if format == formatProfiles {
		return &jsonSink{out: c.Writer, shape: func(g *Guest) any { return newProfile(g) }}
	}
	return &jsonSink{out: c.Writer, shape: wholeGuest}
}

// tableKinds are the table formats.
var tableKinds = map[string]struct{ mediaType, extension string }{
	string(table.CSV):      {"text/csv; charset=utf-8; header=present", "csv"}, // RFC 4180
	string(table.ExcelCSV): {"text/csv; charset=utf-16; header=present", "csv"},
	string(table.XLSX):     {typeXLSX, "xlsx"},
}

// accepted returns the table format that an Accept header names before JSON, or "".
func accepted(accept string) string {
	for part := range strings.SplitSeq(accept, ",") {
		mediaType, _, _ := strings.Cut(part, ";")
		switch strings.ToLower(strings.TrimSpace(mediaType)) {
		case typeCSV:
			return string(table.CSV)
		case typeXLSX:
			return string(table.XLSX)
		case "application/json", "application/*", "*/*":
			return ""
		}
	}
	return ""
}
