// Command client uses the API through the generated client. .ci/client builds and runs it.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"client/api"
)

func main() {
	if err := run(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "the generated client:", err)
		os.Exit(1)
	}
}

// password is the password of all accounts, including the administrator that the script creates.
const password = "a good password"

// run registers a guest, and invites them to an event as the administrator that the script has created.
func run(ctx context.Context, url, document string) error {
	if err := sameDocument(url, document); err != nil {
		return err
	}
	client, err := api.NewClientWithResponses(url)
	if err != nil {
		return err
	}
	registration := api.Registration{Email: "ann@example.org", Password: password}
	ann, err := client.UsersRegisterWithResponse(ctx, registration)
	if err != nil || ann.JSON201 == nil {
		return fmt.Errorf("register: %v %s", err, ann.Body)
	}
	again, err := client.UsersRegisterWithResponse(ctx, registration)
	if err != nil || again.JSON409 == nil || again.JSON409.Type != api.ErrorTypeEMAILINUSE {
		return fmt.Errorf("register twice: %v %s", err, again.Body)
	}
	root, err := client.UsersAuthenticateWithResponse(ctx, api.Credentials{Email: "root@example.org", Password: password})
	if err != nil || root.JSON200 == nil || root.JSON200.Token == nil || !root.JSON200.IsAdmin {
		return fmt.Errorf("sign in: %v %s", err, root.Body)
	}
	signedIn := func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+*root.JSON200.Token)
		return nil
	}
	end := "2100-01-31"
	event, err := client.EventsCreateWithResponse(ctx, api.EventBody{
		Key: "gala", Name: map[string]string{"en": "Gala"}, Description: map[string]string{"en": "A dinner"},
		StartDate: "2100-01-30", EndDate: &end,
	}, signedIn)
	if err != nil || event.JSON201 == nil {
		return fmt.Errorf("create an event: %v %s", err, event.Body)
	}
	guest, err := client.InvitedguestInviteWithResponse(ctx, api.Invitation{
		EventId: event.JSON201.Id, Email: "ann@example.org", Role: "guest",
	}, signedIn)
	if err != nil || guest.JSON201 == nil || guest.JSON201.UserId != ann.JSON201.Id {
		return fmt.Errorf("invite: %v %s", err, guest.Body)
	}
	list, err := client.InvitedguestListWithResponse(ctx, &api.InvitedguestListParams{EventId: event.JSON201.Id}, signedIn)
	if err != nil || list.JSON200 == nil || len(*list.JSON200) != 1 || (*list.JSON200)[0].User.Email != "ann@example.org" {
		return fmt.Errorf("read the guests: %v %s", err, list.Body)
	}
	fmt.Printf("The generated client has registered %s, signed in, created %s, invited and read %d guest.\n",
		(*list.JSON200)[0].User.Email, event.JSON201.Key, len(*list.JSON200))
	return nil
}

// sameDocument checks that the program serves the document that it prints.
func sameDocument(url, file string) error {
	response, err := http.Get(url + "/openapi.json")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	served, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	printed, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if !bytes.Equal(served, printed) {
		return errors.New("GET /openapi.json and the command openapi differ")
	}
	return nil
}
