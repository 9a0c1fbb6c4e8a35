package mail

import "testing"

// TestSMTPPorts checks the ports by default, and that the lowest and the highest can be chosen.
func TestSMTPPorts(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]int{
		"smtp://host":              25,
		"smtp://host/":             25,
		"smtp://host:":             25,
		"smtp://host?tls=required": 25,
		"smtp://user:pass@host":    587,
		"smtps://host":             465,
		"smtps://user:pass@host":   465,
		"smtp://host:1":            1,
		"smtps://host:65535":       65535,
	} {
		s, err := NewSMTP(address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if s.port != want {
			t.Errorf("%s: got the port %d, want %d", address, s.port, want)
		}
	}
}
