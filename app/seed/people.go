package seed

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"guestlist/app/users"
)

// domain is the end of all addresses. It is reserved and receives no mail: RFC 2606, 3.
const domain = "@example.org"

// accountState is the state of a guest's account.
type accountState int

const (
	noAccount accountState = iota // without a password
	verified
	unverified
	blocked
)

// person is a person with an address. All other fields may be empty.
type person struct {
	address, title, first, last, language string
	state                                 accountState
}

func (p person) name() string {
	if name := strings.TrimSpace(p.first + " " + p.last); name != "" {
		return name
	}
	return p.address
}

// account returns the person's account.
func (p person) account(hash string, proved bool) users.Account {
	return users.Account{
		Person: users.Person{
			Email: p.address, Firstname: p.first, Lastname: p.last, UserTitle: p.title, Language: p.language, PolicyAgreed: true,
		},
		PasswordHash: hash, Verified: proved,
	}
}

// pick returns a random element.
func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }

// newPeople returns count people with different addresses: first remarkable, then people with common names.
func newPeople(random *rand.Rand, count int) []person {
	people := make([]person, 0, count)
	taken := map[string]int{} // by the part of the address before the domain
	for i := range min(count, len(remarkable)) {
		people = append(people, remarkable[i])
		taken[strings.TrimSuffix(remarkable[i].address, domain)]++
	}
	for len(people) < count {
		from := pick(random, common)
		first, last := pick(random, from.first), pick(random, from.last)
		base := first.ascii + "." + last.ascii
		taken[base]++
		address := base + domain
		if n := taken[base]; n > 1 {
			address = fmt.Sprintf("%s.%d%s", base, n, domain)
		}
		people = append(people, person{
			address: address, title: pick(random, from.titles), first: first.written, last: last.written,
			language: from.language,
		})
	}
	return people
}
