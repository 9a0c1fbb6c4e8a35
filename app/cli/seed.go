package cli

import (
	"context"
	"crypto/rand"

	"github.com/spf13/cobra"

	"guestlist/app/seed"
)

func (p *Program) seedCommand() *cobra.Command {
	return seed.Command(seed.Environment{
		Name: p.Name,
		Open: func(ctx context.Context) (*seed.Seeder, error) {
			config, err := p.Config(false)
			if err != nil {
				return nil, err
			}
			if !config.Development() { // before a file is created
				return nil, seed.ErrNotDevelopment
			}
			r, err := p.openAtHead(ctx)
			if err != nil {
				return nil, err
			}
			return seed.New(r.db, r.config), nil
		},
		Password: p.newPassword,
		Stdout:   p.Stdout,
	})
}

// passwordLength is the length of a password of 80 random bits.
const passwordLength = 16

// newPassword returns a random password that is long enough for the settings.
func (p *Program) newPassword() (string, error) {
	config, err := p.Config(false)
	if err != nil {
		return "", err
	}
	password := rand.Text()
	for len(password) < config.PasswordMinLength {
		password += rand.Text()
	}
	return password[:max(passwordLength, config.PasswordMinLength)], nil
}
