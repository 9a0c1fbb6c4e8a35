package app_test

import (
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"guestlist/app"
	"guestlist/app/apptest"
	"guestlist/app/database"
	"guestlist/app/database/dbtest"
	"guestlist/app/mail"
)

// measured is an application that serves its API and its metrics.
type measured struct {
	*apptest.App

	metrics string // host and port
	stop    context.CancelFunc
	result  chan error
}

func measure(t *testing.T, changes ...func(*app.Config)) *measured {
	t.Helper()
	api, metrics := listen(t), listen(t)
	a := apptest.New(t, changes...)
	a.App = app.New(a.Config, a.DB, app.WithLogger(a.Logger), app.WithClock(a.Clock.Now), app.WithMetrics(metrics))
	ctx, stop := context.WithCancel(t.Context())
	m := &measured{a, metrics.Addr().String(), stop, make(chan error, 1)}
	go func() { m.result <- a.Serve(ctx, api) }()
	t.Cleanup(stop)
	return m
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// scrape reads the metrics as Prometheus does.
func (m *measured) scrape(t *testing.T) (text string, families map[string]*dto.MetricFamily) {
	t.Helper()
	response, err := http.Get("http://" + m.metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("got %s, %v: %s; want %d, no error", response.Status, err, body, http.StatusOK)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err = parser.TextToMetricFamilies(strings.NewReader(string(body)))
	if err != nil {
		t.Fatalf("%v in\n%s", err, body)
	}
	return string(body), families
}

// value returns the value, or the number of observations, of the metric with the label values, given in the order of
// the labels' names.
func value(t *testing.T, families map[string]*dto.MetricFamily, name string, labels ...string) float64 {
	t.Helper()
	for _, metric := range families[name].GetMetric() {
		values := []string{}
		for _, label := range metric.GetLabel() {
			values = append(values, label.GetValue())
		}
		if slices.Equal(values, labels) {
			return metric.GetCounter().GetValue() + metric.GetGauge().
				GetValue() + float64(metric.GetHistogram().GetSampleCount())
		}
	}
	t.Errorf("there is no %s with %q", name, labels)
	return 0
}

// wanted are the types and labels of the program's own metrics.
var wanted = map[string]string{
	"http_request_duration_seconds":         "HISTOGRAM method route status",
	"password_hash_places":                  "GAUGE ",
	"password_hash_running":                 "GAUGE ",
	"password_hash_waiting":                 "GAUGE ",
	"password_hash_turns_total":             "COUNTER ",
	"password_hash_wait_seconds_total":      "COUNTER ",
	"password_hashes_total":                 "COUNTER ",
	"password_hash_refusals_total":          "COUNTER reason",
	"rate_limit_refusals_total":             "COUNTER limit",
	"mail_outbox_messages":                  "GAUGE kind",
	"mail_outbox_oldest_age_seconds":        "GAUGE lane",
	"mail_deliveries_total":                 "COUNTER kind outcome",
	"sqlite_transactions_total":             "COUNTER ",
	"sqlite_transactions_refused_total":     "COUNTER ",
	"sqlite_transaction_wait_seconds_total": "COUNTER ",
}

// TestMetrics checks the metrics of a running server after requests of various kinds.
func TestMetrics(t *testing.T) {
	t.Parallel()
	m := measure(t)
	ann := m.Register(t, "ann@example.org")
	m.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/user", Token: ann.Token})
	m.Send(t, apptest.Request{Method: http.MethodGet, Path: "/verify-email/secretcode"})
	m.Send(t, apptest.Request{Method: http.MethodGet, Path: "/api/v1/users/17", Token: ann.Token})
	m.Send(t, apptest.Request{Method: http.MethodGet, Path: "/ann@example.org/" + ann.Token})
	m.Send(t, apptest.Request{Method: "SECRET", Path: "/api/v1/user"})

	text, families := m.scrape(t)
	for name, shape := range wanted {
		if strings.HasPrefix(name, "sqlite_") && dbtest.Postgres() {
			shape = "none"
		}
		if got := shapeOf(families[name]); got != shape {
			t.Errorf("%s: got %q, want %q", name, got, shape)
		}
	}
	for _, name := range []string{"go_sql_open_connections", "go_sql_wait_duration_seconds_total", "go_build_info",
		"go_goroutines", "process_start_time_seconds"} {
		if families[name] == nil {
			t.Errorf("there is no %s", name)
		}
	}
	for name, family := range families {
		if wanted[name] != "" && len(family.GetHelp()) < 20 {
			t.Errorf("%s has the help %q, want %d bytes or more", name, family.GetHelp(), 20)
		}
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil || len(problems) != 0 {
		t.Errorf("got the problems %v, %v; want none, no error", problems, err)
	}
	for _, labels := range [][]string{
		{"POST", "/api/v1/user", "201"}, {"GET", "/api/v1/user", "200"}, {"GET", "/api/v1/users/:id", "403"}, {"GET",
			"unmatched", "404"}, {"other", "unmatched", "405"},
	} {
		if got := value(t, families, "http_request_duration_seconds", labels...); got != 1 {
			t.Errorf("%q: got %v requests, want %d", labels, got, 1)
		}
	}
	for name, labels := range map[string][]string{
		"password_hashes_total": nil, "password_hash_turns_total": nil, "mail_outbox_messages": {"verify_email"},
	} {
		if got := value(t, families, name, labels...); got != 1 {
			t.Errorf("%s is %v after a registration, want %d", name, got, 1)
		}
	}
}

func shapeOf(family *dto.MetricFamily) string {
	if family == nil {
		return "none"
	}
	names := map[string]bool{}
	for _, metric := range family.GetMetric() {
		for _, label := range metric.GetLabel() {
			names[label.GetName()] = true
		}
	}
	return family.GetType().String() + " " + strings.Join(slices.Sorted(maps.Keys(names)), " ")
}

// TestMetricsTellNothingOfPeople checks that every value of a label comes from a closed set, and so shows nothing about
// people.
func TestMetricsTellNothingOfPeople(t *testing.T) {
	t.Parallel()
	m := measure(t)
	ann := m.Register(t, "ann@example.org")
	for _, r := range m.Routes() {
		path := regexp.MustCompile(`[:*]\w+`).ReplaceAllString(r.Path, "ann@example.org")
		for _, method := range []string{r.Method, "ANN"} {
			m.Send(t, apptest.Request{Method: method, Path: path + "?email=ann@example.org", Token: ann.Token,
				Header: map[string]string{"X-Request-ID": "ann"}})
			m.Send(t, apptest.Request{Method: method, Path: path + "/127.0.0.1"})
		}
	}
	known := map[string]*regexp.Regexp{
		"method":  regexp.MustCompile(`^(GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|other)$`),
		"status":  regexp.MustCompile(`^[1-5]\d\d$`),
		"limit":   regexp.MustCompile(`^LIMIT_[A-Z_]+$`),
		"kind":    regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`),
		"outcome": regexp.MustCompile(`^(sent|dropped|failed|retry)$`),
		"lane":    regexp.MustCompile(`^(single|bulk)$`),
		"reason":  regexp.MustCompile(`^(full|displaced|gave_up)$`),
		"cause":   regexp.MustCompile(`^(encoding|gathering)$`),
		"db_name": regexp.MustCompile(`^(sqlite|postgres)$`),
	}
	routes := map[string]bool{"unmatched": true}
	for _, r := range m.Routes() {
		routes[r.Path] = true
	}
	_, families := m.scrape(t)
	for name, family := range families {
		for _, metric := range family.GetMetric() {
			for _, label := range metric.GetLabel() {
				pattern := known[label.GetName()]
				switch {
				case strings.HasPrefix(name, "go_") && !strings.HasPrefix(name, "go_sql_"): // Go's own
				case label.GetName() == "route" && routes[label.GetValue()]:
				case pattern == nil || !pattern.MatchString(label.GetValue()):
					t.Errorf("%s has the label %s=%q", name, label.GetName(), label.GetValue())
				}
			}
		}
	}
}

// TestMetricsCountRefusals checks that each limit counts the requests that it refuses with 429.
func TestMetricsCountRefusals(t *testing.T) {
	t.Parallel()
	m := measure(t, func(c *app.Config) { c.LimitRegister.Count, c.LimitRegister.Per, c.LimitFailedLogins = 1, 3600e9, 1 })
	m.Register(t, "ann@example.org")
	refused := m.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/user",
		Body: `{"email":"bob@example.org","password":"123456"}`})
	refused.Error(t, http.StatusTooManyRequests, "TOO_MANY_REQUESTS")
	for range 2 {
		refused = m.Send(t, apptest.Request{Method: http.MethodPost, Path: "/api/v1/authenticate",
			Body: `{"email":"ann@example.org","password":"wrong!"}`})
	}
	refused.Error(t, http.StatusTooManyRequests, "TOO_MANY_REQUESTS")
	_, families := m.scrape(t)
	for limit, want := range map[string]float64{
		"LIMIT_REGISTER": 1, "LIMIT_FAILED_LOGINS": 1, "LIMIT_LOGIN": 0, "LIMIT_MAIL": 0, "LIMIT_EXPORT": 0,
	} {
		if got := value(t, families, "rate_limit_refusals_total", limit); got != want {
			t.Errorf("%s: got %v, want %v", limit, got, want)
		}
	}
}

// TestMetricsOfMails checks that the metrics of the outbox describe the database, and those of outcomes only this
// worker.
func TestMetricsOfMails(t *testing.T) {
	t.Parallel()
	m := measure(t)
	m.Register(t, "ann@example.org")
	m.Clock.Advance(90e9)
	_, families := m.scrape(t)
	if got := value(t, families, "mail_outbox_oldest_age_seconds", "single"); got != 90 {
		t.Errorf("the oldest mail is %v s old, want %d", got, 90)
	}
	if got := value(t, families, "mail_outbox_oldest_age_seconds", "bulk"); got != 0 {
		t.Errorf("the oldest invitation is %v s old, want %d", got, 0)
	}
	if err := m.DB.Model(&mail.Message{}).Where("1 = 1").UpdateColumn("created_at", m.Clock.Now().Add(-48*3600e9)).
		Error; err != nil {
		t.Fatal(err)
	}
	if err := m.Mailer.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, families = m.scrape(t)
	for outcome, want := range map[string]float64{"failed": 1, "sent": 0, "dropped": 0, "retry": 0} {
		if got := value(t, families, "mail_deliveries_total", "verify_email", outcome); got != want {
			t.Errorf("%s: got %v, want %v", outcome, got, want)
		}
	}
	if got := value(t, families, "mail_outbox_messages", "verify_email"); got != 0 {
		t.Errorf("%v mails are pending, want %d", got, 0)
	}
}

// TestMetricsWithoutTheDatabase checks that metrics that do not need the database are shown without it, and that the
// log says what is missing.
func TestMetricsWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	m := measure(t)
	if err := database.Close(m.DB); err != nil {
		t.Fatal(err)
	}
	_, families := m.scrape(t)
	if want := "password_hash_places"; families[want] == nil {
		t.Errorf("the metrics lack %s: %q", want, slices.Sorted(maps.Keys(families)))
	}
	if counted := families["mail_outbox_messages"]; counted != nil {
		t.Errorf("the metrics show %v, which needs the database", counted)
	}
	if !strings.Contains(m.Log.Warnings(), "count the pending mails") {
		t.Errorf("the log does not warn about counting the pending mails:\n%s", m.Log.Warnings())
	}
}

// TestMetricsServer checks that the metrics server starts and stops with the API's, serves nothing of the API, and
// serves profiles only if a setting says so.
func TestMetricsServer(t *testing.T) {
	t.Parallel()
	for _, profiles := range []bool{false, true} {
		t.Run(strconv.FormatBool(profiles), func(t *testing.T) {
			t.Parallel()
			m := measure(t, func(c *app.Config) { c.MetricsPprof = profiles })
			want := map[bool]int{false: http.StatusNotFound, true: http.StatusOK}[profiles]
			for _, path := range []string{"/debug/pprof/", "/debug/pprof", "/debug/pprof/heap", "/debug/pprof/cmdline"} {
				if got := get(t, m.metrics, path); got != want {
					t.Errorf("%s: got %d, want %d", path, got, want)
				}
			}
			if got := get(t, m.metrics, "/api/v1/user"); got != http.StatusNotFound {
				t.Errorf("the metrics server serves the API: got %d, want %d", got, http.StatusNotFound)
			}
			for _, path := range []string{"/metrics", "/debug/pprof/"} {
				if answer := m.Send(t, apptest.Request{Method: http.MethodGet, Path: path}); answer.Status != http.StatusNotFound {
					t.Errorf("%s of the API: got %d, want %d", path, answer.Status, http.StatusNotFound)
				}
			}
			m.stop()
			if err := <-m.result; err != nil {
				t.Error(err)
			}
			untilClosed(t, m.metrics)
		})
	}
}

// TestAlertsKnowTheMetrics checks that every metric in the alerting rules exists.
func TestAlertsKnowTheMetrics(t *testing.T) {
	t.Parallel()
	rules, err := os.ReadFile("metrics/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`\b((?:http|password|rate|mail|sqlite|go|process)_\w+)[{\[]`).
		FindAllStringSubmatch(string(rules), -1)
	if len(found) < 10 {
		t.Errorf("found only %d metrics in the rules", len(found))
	}
	for _, name := range found {
		family := strings.TrimSuffix(strings.TrimSuffix(name[1], "_bucket"), "_count")
		if wanted[family] == "" && family != "go_sql_wait_duration_seconds_total" {
			t.Errorf("the rules use %s, which does not exist", name[1])
		}
	}
}
