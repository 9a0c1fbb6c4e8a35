// Package traces shows an OpenTelemetry collector what the program does, request by request. No other package imports
// OpenTelemetry. Without an endpoint there is no Traces, and requests are not slowed down by it.
//
//	Requests (middleware) ─▶ a span a request ─┐
//	Queries (GORM)        ─▶ a span a query ───┼▶ queue ─▶ batches ─▶ collector (OTLP over HTTP)
//	BeginAttempt (mail)   ─▶ a span a mail ────┘
//	Log                   ─▶ trace_id and span_id in the lines of the log
//
// Spans follow OpenTelemetry's semantic conventions, except that nothing in them was written by a client: no paths,
// queries, headers, addresses or values of SQL. Of an error they have the kind, since its text may quote the client.
//
// OpenTelemetry's own code encodes the spans. This package sends them, since the official client imports gRPC even for
// HTTP.
package traces
