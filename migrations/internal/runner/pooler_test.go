package runner_test

import (
	"errors"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"guestlist/app/database"
	"guestlist/app/database/dbtest"
	"guestlist/migrations/internal/runner"
)

func TestPoolerInTransactionModeIsRefused(t *testing.T) {
	t.Parallel()
	if !dbtest.Postgres() {
		t.Skip("SQLite has no poolers")
	}
	address := dbtest.URL(t)
	through := dbtest.Open(t, newPooler(t, address).address(t, address), database.Options{})
	var refused *runner.PoolerError
	if _, err := newRunner(t, through, create("a")).Upgrade(t.Context(), "head"); !errors.As(err, &refused) {
		t.Errorf("got %v", err)
	}
	wantApplied(t, dbtest.Open(t, address, database.Options{}))
}

// pooler is the least that makes a pooler in transaction mode: one session of the server, lent to a client from the
// beginning to the end of a transaction.
type pooler struct {
	listener net.Listener
	server   *pgconn.HijackedConn
	lent     sync.Mutex
	clients  atomic.Uint32
}

func newPooler(t *testing.T, address string) *pooler {
	t.Helper()
	conn, err := pgconn.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	server, err := conn.Hijack()
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &pooler{listener: listener, server: server}
	t.Cleanup(func() {
		_ = listener.Close()
		_ = server.Conn.Close()
	})
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go p.serve(client)
		}
	}()
	return p
}

// address is that of the server, led through the pooler.
func (p *pooler) address(t *testing.T, server string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = p.listener.Addr().String()
	return u.String()
}

func (p *pooler) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	client := pgproto3.NewBackend(conn, conn)
	if _, err := client.ReceiveStartupMessage(); err != nil {
		return
	}
	client.Send(&pgproto3.AuthenticationOk{})
	client.Send(&pgproto3.ParameterStatus{Name: "server_version", Value: "15.0"})
	client.Send(&pgproto3.ParameterStatus{Name: "standard_conforming_strings", Value: "on"})
	client.Send(&pgproto3.ParameterStatus{Name: "client_encoding", Value: "UTF8"})
	client.Send(&pgproto3.BackendKeyData{ProcessID: p.clients.Add(1), SecretKey: []byte{1, 2, 3, 4}})
	client.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	if client.Flush() != nil {
		return
	}
	for p.transaction(client) {
	}
}

// transaction lends the server to a client until it is idle, and tells whether the client goes on.
func (p *pooler) transaction(client *pgproto3.Backend) bool {
	message, err := client.Receive()
	if err != nil {
		return false
	}
	p.lent.Lock()
	defer p.lent.Unlock()
	for {
		if _, over := message.(*pgproto3.Terminate); over {
			p.server.Frontend.Send(&pgproto3.Query{String: "ROLLBACK"})
			_ = p.server.Frontend.Flush()
			p.answers(nil)
			return false
		}
		p.server.Frontend.Send(message)
		if p.server.Frontend.Flush() != nil {
			return false
		}
		if asks(message) {
			if status := p.answers(client); status != 'T' && status != 'E' {
				return status == 'I'
			}
		}
		if message, err = client.Receive(); err != nil {
			return false
		}
	}
}

func asks(message pgproto3.FrontendMessage) bool {
	switch message.(type) {
	case *pgproto3.Query, *pgproto3.Sync:
		return true
	}
	return false
}

// answers passes on what the server says until it is ready, and returns its state.
func (p *pooler) answers(client *pgproto3.Backend) byte {
	for {
		answer, err := p.server.Frontend.Receive()
		if err != nil {
			return 0
		}
		if client != nil {
			client.Send(answer)
		}
		if ready, ok := answer.(*pgproto3.ReadyForQuery); ok {
			if client != nil && client.Flush() != nil {
				return 0
			}
			return ready.TxStatus
		}
	}
}
