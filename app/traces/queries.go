package traces

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"guestlist/app/database"
)

// queries is a GORM plugin that makes a span for each statement.
type queries struct {
	*Traces

	system attribute.KeyValue // the kind of database
}

// Queries returns a GORM plugin that makes a span for each statement: a child of the span in its context, or the root
// of a trace. The span covers only the statement, without GORM's hooks and preloads.
func (t *Traces) Queries() gorm.Plugin { return &queries{Traces: t} }

// Name implements gorm.Plugin.
func (*queries) Name() string { return database.ObserverName }

// systems are the conventions' names of databases, by GORM's.
var systems = map[string]string{"postgres": "postgresql", "sqlite": "sqlite"}

// Initialize implements gorm.Plugin.
func (q *queries) Initialize(db *gorm.DB) error {
	q.system = semconv.DBSystemNameKey.String(systems[db.Name()])
	log := db.Logger
	db.Logger = logger.Discard // GORM logs a replaced callback
	defer func() { db.Logger = log }()
	all := db.Callback()
	for name, processor := range map[string]interface {
		Get(name string) func(*gorm.DB)
		Replace(name string, run func(*gorm.DB)) error
	}{
		"gorm:create": all.Create(), "gorm:query": all.Query(), "gorm:update": all.Update(),
		"gorm:delete": all.Delete(), "gorm:row": all.Row(), "gorm:raw": all.Raw(),
	} {
		if err := processor.Replace(name, q.observed(processor.Get(name))); err != nil {
			return fmt.Errorf("trace queries: replace %s: %w", name, err)
		}
	}
	return nil
}

// observed wraps run in a span.
func (q *queries) observed(run func(*gorm.DB)) func(*gorm.DB) {
	return func(db *gorm.DB) {
		if db.DryRun || db.Error != nil {
			run(db)
			return
		}
		begin := time.Now()
		run(db)
		if text := db.Statement.SQL.String(); text != "" {
			q.ObserveQuery(db.Statement.Context, begin, text, db.Statement.Table, db.Error)
		}
	}
}

// ObserveQuery implements database.Observer.
func (q *queries) ObserveQuery(ctx context.Context, begin time.Time, text, table string, err error) {
	if within := trace.SpanFromContext(ctx); within.SpanContext().IsValid() && !within.IsRecording() {
		return // the trace is not sampled
	}
	operation := operationOf(text)
	attributes := make([]attribute.KeyValue, 0, 6)
	attributes = append(attributes, q.system, semconv.DBOperationName(operation), semconv.DBQueryText(text))
	name := operation
	if table != "" {
		name += " " + table
		attributes = append(attributes, semconv.DBCollectionName(table))
	}
	kind := queryError(err)
	if kind != "" {
		attributes = append(attributes, semconv.ErrorTypeKey.String(kind))
	}
	if code := database.Code(err); code != "" {
		attributes = append(attributes, semconv.DBResponseStatusCode(code))
	}
	_, span := q.tracer.Start(ctx, name, trace.WithTimestamp(begin), trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attributes...))
	if kind != "" {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

// operationOf returns the first word of a statement.
func operationOf(text string) string {
	text = strings.TrimSpace(text)
	if end := strings.IndexFunc(text, unicode.IsSpace); end >= 0 {
		text = text[:end]
	}
	return strings.ToUpper(text)
}

// queryError returns the kind of an error, or "" if there is none. Finding no rows is not an error.
func queryError(err error) string {
	switch {
	case err == nil, errors.Is(err, gorm.ErrRecordNotFound), errors.Is(err, sql.ErrNoRows):
		return ""
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return "duplicated_key"
	case errors.Is(err, gorm.ErrForeignKeyViolated):
		return "foreign_key_violated"
	case errors.Is(err, gorm.ErrCheckConstraintViolated):
		return "check_constraint_violated"
	}
	if code := database.Code(err); code != "" {
		return code
	}
	return errorType(err)
}

// errorType returns the kind of an error without a code.
func errorType(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	}
	return semconv.ErrorTypeOther.Value.AsString()
}
