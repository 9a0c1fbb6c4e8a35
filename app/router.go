package app

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"text/tabwriter"

	"github.com/gin-gonic/gin"

	"guestlist/app/limits"
	"guestlist/app/pages"
	"guestlist/app/utils"
)

type (
	access string
	limit  string
)

type route struct {
	method string
	path   string
	access access
	limit  limit
	handle utils.HandlerFunc
}

// apiPath begins the paths of the API. Other paths are pages for people and endpoints for operators.
const apiPath = "/api/"

// newRouter returns a router for the URL map, with the middleware of every request.
func (a *App) newRouter() *gin.Engine {
	router := gin.New()
	router.HandleMethodNotAllowed = true
	router.RedirectTrailingSlash = false
	trustProxies(router, a.Config.TrustedProxies)
	if a.metrics != nil {
		router.Use(utils.ObserveRequests(a.metrics, a.now))
	}
	if a.traces != nil {
		router.Use(a.traces.Requests(a.Config.PublicURL))
	}
	router.Use(
		utils.AssignRequestID,
		utils.LogRequests(a.log, a.now),
		utils.Recover(a.log),
		utils.SecureHeaders,
		utils.CloseChunked,
		pages.SignedBy(a.Config.Organisation.Name),
	)
	if len(a.Config.CORSOrigins) > 0 {
		router.Use(utils.AllowOrigins(a.Config.CORSOrigins, apiPath))
	}
	router.Use(
		utils.Deadline(a.Config.RequestTimeout),
		utils.KeepIfMatch,
	)
	if a.checkSchema != nil {
		router.Use(utils.CheckSchema(a.checkSchema))
	}
	router.NoRoute(failWith(utils.ErrNotFound))
	router.NoMethod(failWith(utils.ErrMethodNotAllowed))
	for _, r := range a.routes() {
		handlers := append(a.guards(r), utils.Handler(r.handle))
		router.Handle(r.method, r.path, handlers...)
		if r.method == http.MethodGet { // net/http omits the body: RFC 9110, 9.3.2
			router.HEAD(r.path, handlers...)
		}
	}
	return router
}

// guards returns the rate-limit and authentication middleware for a route. Outside the API, errors are shown as pages.
func (a *App) guards(r route) (guards []gin.HandlerFunc) {
	if !strings.HasPrefix(r.path, apiPath) {
		guards = append(guards, utils.FailOnPage(pages.Failure))
	}
	if limiter, ok := a.limiters[r.limit]; ok {
		guards = append(guards, rateLimit(limiter))
	}
	switch r.access {
	case authenticated:
		guards = append(guards, a.users.Authenticated)
	case administrators:
		guards = append(guards, a.users.Authenticated, a.users.Administrators)
	}
	return guards
}

// rateLimit returns middleware that refuses requests of clients over the limit.
func rateLimit(limiter *limits.Limiter) gin.HandlerFunc {
	return func(c *gin.Context) {
		if wait := limiter.Take(utils.Client(c)); wait > 0 {
			utils.Fail(c, utils.TooManyRequests(wait))
		}
	}
}

// trustProxies makes the router take a client's address from the part of X-Forwarded-For that trusted proxies wrote:
// every proxy appends to the end. Without trusted proxies, the address is the connection's. All other headers are
// ignored.
func trustProxies(router *gin.Engine, proxies []netip.Prefix) {
	router.RemoteIPHeaders = []string{"X-Forwarded-For"}
	texts := make([]string, len(proxies))
	for i, proxy := range proxies {
		texts[i] = proxy.String()
	}
	if err := router.SetTrustedProxies(texts); err != nil {
		panic(fmt.Sprintf("app: a network that netip writes cannot be read: %v", err))
	}
}

func failWith(err error) gin.HandlerFunc {
	return utils.Handler(func(*gin.Context) error { return err })
}

// Route is a line of the URL map.
type Route struct {
	Endpoint string // the handler, such as users.Register
	Method   string
	Path     string
	Access   string // who may call it
	Limit    string // the setting that limits how often; empty: none
}

// Routes returns the URL map in its order in the source.
func (a *App) Routes() []Route {
	routes := a.routes()
	result := make([]Route, len(routes))
	for i, r := range routes {
		result[i] = Route{utils.Endpoint(r.handle), r.method, r.path, string(r.access), string(r.limit)}
	}
	return result
}

// PrintRoutes writes the URL map as a table.
func PrintRoutes(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprint(table, "Endpoint\tMethod\tPath\tAccess\tLimit\n--------\t------\t----\t------\t-----\n")
	for _, r := range new(App).Routes() {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", r.Endpoint, r.Method, r.Path, r.Access, cmp.Or(r.Limit, "none"))
	}
	return table.Flush()
}

// WriteRoutes writes the URL map as a JSON list of objects.
func WriteRoutes(out io.Writer) error {
	type object struct {
		Endpoint string  `json:"endpoint"`
		Method   string  `json:"method"`
		Path     string  `json:"path"`
		Access   string  `json:"access"`
		Limit    *string `json:"limit"` // null: none
	}
	list := []object{}
	for _, r := range new(App).Routes() {
		o := object{r.Endpoint, r.Method, r.Path, fmt.Sprint(r.Access), nil}
		if r.Limit != "" {
			o.Limit = new(fmt.Sprint(r.Limit))
		}
		list = append(list, o)
	}
	return utils.WriteJSON(out, list)
}
