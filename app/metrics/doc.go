// Package metrics exports the program's metrics to Prometheus, and is the only package that imports its client.
// Requests are observed as they finish; everything else is read from plain numbers in other packages during a scrape.
//
//	utils.ObserveRequests ─▶ Metrics ─▶ histogram ─┐
//	turns, limits, mail, database ◀─ collector ────┴▶ registry ─▶ Handler ─▶ GET /metrics
//
// Names begin with their subject (http_, mail_, …), not with the name of the program, which Prometheus adds as the
// label job. Label values come from closed sets: routes of the URL map, never paths, addresses, codes or ids. The file
// alerts.yaml has alert rules.
package metrics
