// Package traces sends spans of requests, queries and mails to an OpenTelemetry collector. No other package imports
// OpenTelemetry. Without an endpoint there is no Traces, and requests pay nothing for it.
//
//	Requests (middleware) ─▶ a span a request ─┐
//	Queries (GORM)        ─▶ a span a query ───┼▶ queue ─▶ batches ─▶ collector (OTLP over HTTP)
//	BeginAttempt (mail)   ─▶ a span a mail ────┘
//	Log                   ─▶ trace_id and span_id in the lines of the log
//
// Spans follow OpenTelemetry's semantic conventions, but contain nothing written by a client: no paths, queries,
// headers, addresses or SQL values, and only the kind of an error, since its text may quote the client.
//
// OpenTelemetry's own code encodes the spans, but this package sends them, since the official client imports gRPC even
// for HTTP.
package traces
