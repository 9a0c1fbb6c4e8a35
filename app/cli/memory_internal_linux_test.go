package cli

import (
	"reflect"
	"testing"
)

func TestUnchanged(t *testing.T) {
	t.Parallel()
	const smaps = `00400000-0183e000 r-xp 00000000 fd:00 123                     /opt/program
Size:              20728 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me
0183e000-02cac000 r--p 0143e000 fd:00 123                     /opt/program
Anonymous:             0 kB
02cac000-02f70000 rw-p 028ac000 fd:00 123                     /opt/program
Anonymous:             0 kB
03000000-03001000 r--p 028ac000 fd:00 123                     /opt/program
Anonymous:             4 kB

7f0000000000-7f0000001000 r--p 00000000 fd:00 124             /lib/another
Anonymous:             0 kB
7f0000001000-7f0000002000 r--p 00000000 00:00 0
Anonymous:             0 kB
`
	want := []mapping{{0x400000, 0x183e000}, {0x183e000, 0x2cac000}}
	if got := unchanged(smaps, "/opt/program"); !reflect.DeepEqual(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
}
