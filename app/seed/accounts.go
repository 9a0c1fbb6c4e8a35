package seed

import (
	"context"
	"fmt"
	"net/netip"

	"guestlist/app/audit"
	"guestlist/app/events"
	"guestlist/app/secrets"
	"guestlist/app/users"
)

// adminEmail is the address of the system administrator.
const adminEmail = "root" + domain

// firstDay is when the accounts and events are created, in days from now.
const firstDay = -120

func (w *work) storeAdmin(ctx context.Context) error {
	admin, err := w.at(firstDay).users.CreateAdmin(ctx, audit.Operator(), adminEmail, w.Password)
	if err != nil {
		return fmt.Errorf("create the administrator: %w", err)
	}
	w.admin = admin
	w.report.Accounts = append(w.report.Accounts, Account{adminEmail, "system administrator"})
	return nil
}

// storeAccounts creates the accounts of organisers and of guests with a password.
func (w *work) storeAccounts(ctx context.Context) error {
	hash, err := secrets.NewPasswords(1).Hash(ctx, netip.Prefix{}, w.Password)
	if err != nil {
		return fmt.Errorf("hash the password: %w", err)
	}
	var accounts []users.Account
	for i, role := range w.roles() {
		who := organisers[i%len(organisers)]
		who.address = role + domain
		// A role without a verified address is pending.
		account := who.account(hash, role != events.RegistrationVolunteer)
		accounts = append(accounts, account)
		w.reportAccount(account, role+" of the events")
	}
	for _, guest := range w.people {
		if guest.state == noAccount {
			continue
		}
		account := guest.account(hash, guest.state != unverified)
		accounts = append(accounts, account)
		w.reportAccount(account, "guest"+map[accountState]string{blocked: ", blocked"}[guest.state])
	}
	for i := range accounts {
		if err := accounts[i].Validate().Err(); err != nil {
			return fmt.Errorf("the account %s: %w", accounts[i].Email, err)
		}
	}
	then := w.at(firstDay)
	_, err = users.Import(ctx, then.tx, w.actor(), accounts)
	return err
}

// reportAccount adds an account to the report.
func (w *work) reportAccount(account users.Account, about string) {
	if !account.Verified {
		about += ", address not verified"
	}
	w.report.Accounts = append(w.report.Accounts, Account{account.Email, about})
}

// roles returns the roles in events, one for each organiser.
func (w *work) roles() []string { return append(events.BuiltInRoles(), w.config.EventRoles...) }

// blockSome blocks the guests with the state blocked.
func (w *work) blockSome(ctx context.Context, now services) error {
	for _, guest := range w.people {
		if guest.state != blocked {
			continue
		}
		user, err := users.FindByEmail(ctx, now.tx, guest.address)
		if err != nil {
			return fmt.Errorf("find %s: %w", guest.address, err)
		}
		if _, _, err := now.users.Block(ctx, w.actor(), user.ID); err != nil {
			return fmt.Errorf("block %s: %w", guest.address, err)
		}
	}
	return nil
}
