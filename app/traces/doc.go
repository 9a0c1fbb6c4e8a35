// Package traces shows an OpenTelemetry collector what the program does, request by request. It is the only one that
// knows OpenTelemetry. Without an endpoint there is no Traces, and nothing of it lies in the way of a request.
//
//	Requests (middleware) ─▶ a span a request ─┐
//	Queries (GORM)        ─▶ a span a query ───┼▶ queue ─▶ batches ─▶ collector (OTLP over HTTP)
//	BeginAttempt (mail)   ─▶ a span a mail ────┘
//	Log                   ─▶ trace_id and span_id in the lines of the log
//
// Spans follow OpenTelemetry's semantic conventions, except that nothing in them was written by a client: no paths,
// queries, headers, addresses or values of SQL. Errors are told by their kind, since their texts may quote such words.
//
// The spans are encoded by OpenTelemetry's own code. They are sent by this package's, since the official client brings
// gRPC with it, even for HTTP.
package traces
