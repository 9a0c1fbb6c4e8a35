package baobab

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"guestlist/app/users"
	"guestlist/app/utils"
)

// planAccounts plans the accounts. Of accounts with the same canonical address, it takes the one that is not deleted,
// else the verified one, else the newest: the original does not record who signed in last.
func (p *plan) planAccounts(rows []userRow) {
	byEmail := map[string][]plannedAccount{}
	var order []string
	for i := range rows {
		account, wrong := p.account(&rows[i])
		if len(wrong) > 0 {
			p.gone[account.id] = fmt.Sprintf("app_user %d is skipped", account.id)
			p.report.skipf(account.kind(), "app_user", account.id, "%s", wrong.Words())
			continue
		}
		if len(byEmail[account.Email]) == 0 {
			order = append(order, account.Email)
		}
		byEmail[account.Email] = append(byEmail[account.Email], account)
	}
	for _, email := range order {
		same := byEmail[email]
		slices.SortStableFunc(same, preferred)
		p.planAccount(same[0])
		for i := range same[1:] {
			p.merge(&same[i+1], &same[0])
		}
	}
}

func (a *plannedAccount) kind() kind {
	if a.DeletedAt != nil {
		return deletedAccounts
	}
	return accounts
}

// preferred sorts the account to import before others with its address.
func preferred(a, b plannedAccount) int {
	for _, better := range [][2]bool{{a.DeletedAt == nil, b.DeletedAt == nil}, {a.Verified, b.Verified},
		{a.id > b.id, b.id > a.id}} {
		if better[0] != better[1] {
			if better[0] {
				return -1
			}
			return 1
		}
	}
	return 0
}

func (p *plan) planAccount(account plannedAccount) {
	if account.DeletedAt != nil {
		p.gone[account.id] = fmt.Sprintf("app_user %d is deleted", account.id)
		p.deleted = append(p.deleted, account)
		return
	}
	p.emails[account.id] = account.Email
	p.accounts = append(p.accounts, account)
}

// merge skips an account whose address another account has. Unless the skipped account is deleted, the other one gets
// its rows, since the address belongs to one person.
func (p *plan) merge(account, into *plannedAccount) {
	why := fmt.Sprintf("app_user %d has the same address, %s", into.id, into.Email)
	if account.DeletedAt != nil {
		p.gone[account.id] = fmt.Sprintf("app_user %d is deleted", account.id)
	} else {
		p.emails[account.id] = into.Email
		why += ", and gets its roles and invitations"
	}
	if account.DeletedAt == nil && account.Admin && !into.Admin {
		why += ", but does not become an administrator of the system"
	}
	p.report.skipf(account.kind(), "app_user", account.id, "%s", why)
}

// account returns the account of a row, and what is wrong with it. Invalid optional values are dropped.
func (p *plan) account(row *userRow) (a plannedAccount, wrong utils.FieldErrors) {
	a.id = row.ID
	a.Account = users.Account{
		Person: users.Person{
			Email: row.Email, Firstname: row.Firstname, Lastname: row.Lastname, UserTitle: row.UserTitle,
			Language: strings.TrimSpace(row.Language),
		},
		PasswordHash: strings.TrimSpace(row.Password), Verified: row.Verified, Admin: row.IsAdmin,
		AgreedAt: storable(row.AgreedAt),
	}
	if row.IsDeleted {
		if a.DeletedAt = storable(row.DeletedAt); a.DeletedAt == nil {
			a.DeletedAt = &p.now
		}
	}
	a.mends = mend(a.Validate(), map[string]*string{
		"firstname": &a.Firstname, "lastname": &a.Lastname, "user_title": &a.UserTitle, "language": &a.Language,
		"password_hash": &a.PasswordHash,
	})
	return a, a.Validate()
}

// mend clears invalid optional fields, and returns a note on each. The fields are keyed by their names in wrong.
func mend(wrong utils.FieldErrors, optional map[string]*string) (mends []string) {
	for field, problem := range wrong {
		value, found := optional[field]
		if !found {
			continue
		}
		*value = ""
		mends = append(mends, fmt.Sprintf("imported without its %s, which %s", field, problem))
	}
	slices.Sort(mends)
	return mends
}

// storable returns the time, or nil if databases or JSON cannot represent it.
func storable(t *time.Time) *time.Time {
	if t == nil || t.Year() < 1 || t.Year() > 9999 {
		return nil
	}
	return t
}
