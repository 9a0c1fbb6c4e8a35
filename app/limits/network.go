package limits

import "net/netip"

// ipv6Network is the prefix length that identifies an IPv6 client: a client with one address can use all that share its
// first 64 bits.
const ipv6Network = 64

// Network returns the network that counts as one client: an IPv4 address, or the /64 of an IPv6 address.
func Network(client netip.Addr) netip.Prefix {
	client = client.Unmap().WithZone("")
	bits := client.BitLen()
	if client.Is6() {
		bits = ipv6Network
	}
	network, _ := client.Prefix(bits) // fails only for a wrong number of bits
	return network
}
