package cli

// reserve is room for garbage. Go collects it when the heap has doubled, which it does after some 500 requests, since
// only 2 MB are in use. This counts as in use, but the system gives no memory for it, for it is never touched: it is
// made at the start, when no memory is used again, which would have to be cleared.
var reserve = make([]byte, 4<<20) //nolint:unused // only to be there
