// Package metrics shows Prometheus what the program does. It is the only one that knows Prometheus: requests are
// observed as they are answered, and everything else is read from plain numbers that other packages keep, when
// Prometheus asks.
//
//	utils.ObserveRequests ─▶ Metrics ─▶ histogram ─┐
//	turns, limits, mail, database ◀─ collector ────┴▶ registry ─▶ Handler ─▶ GET /metrics
//
// Names begin with what they are about (http_, mail_, …), not with the name of the program, which is Prometheus' label
// job. The values of labels come from closed sets: routes as the URL map has them, never paths; no addresses, codes or
// ids. The file alerts.yaml has rules on them.
package metrics
