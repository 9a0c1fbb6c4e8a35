package traces

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"guestlist/app/mail"
)

// outcomes are the names of messages' states in spans, the same as in metrics.
var outcomes = map[string]string{mail.Sent: "sent", mail.Dropped: "dropped", mail.Failed: "failed",
	mail.Pending: "retry"}

// BeginAttempt implements mail.Observer. Each attempt is its own trace, with the queries that compose the mail.
func (t *Traces) BeginAttempt(ctx context.Context, m mail.Message) (context.Context, func(state string, err error)) {
	ctx, span := t.tracer.Start(ctx, "mail "+m.Kind, trace.WithAttributes(
		attribute.String("mail.kind", m.Kind), attribute.Int64("mail.id", m.ID), attribute.Int("mail.attempt", m.Attempts)))
	return ctx, func(state string, err error) {
		defer span.End()
		span.SetAttributes(attribute.String("mail.outcome", outcomes[state]))
		if err == nil || state == mail.Dropped {
			return
		}
		kind := errorType(err)
		if errors.Is(err, mail.ErrRefused) {
			kind = "refused"
		}
		span.SetAttributes(semconv.ErrorTypeKey.String(kind))
		span.SetStatus(codes.Error, "")
	}
}
