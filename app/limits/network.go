package limits

import "net/netip"

// ipv6Network is how many bits of an IPv6 address tell one client from another: who has one address has all that share
// its first 64 bits.
const ipv6Network = 64

// Network returns what counts as one client: an IPv4 address, or the /64 of an IPv6 address.
func Network(client netip.Addr) netip.Prefix {
	client = client.Unmap().WithZone("")
	bits := client.BitLen()
	if client.Is6() {
		bits = ipv6Network
	}
	network, _ := client.Prefix(bits) // fails for a wrong number of bits only
	return network
}
