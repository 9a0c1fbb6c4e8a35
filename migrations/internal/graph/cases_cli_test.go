package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// checkCLI runs a case of the command line. The commands belong to another package; this reimplements just enough of
// them to compare standard output, errors, progress lines and the heads afterwards.
func (c recordedCase) checkCLI(g *Graph) error {
	cmd, err := parseCommand(g, c)
	if err != nil {
		return err
	}
	got, err := cmd.run()
	if err != nil || c.Error != nil {
		return c.checkCLIError(cmd, err)
	}
	if cmd.sql {
		got.after = cmd.rows // nothing is run
	}
	return errors.Join(c.checkOutput(cmd, got), c.checkThen(cmd, got))
}

// checkCLIError compares the error.
func (c recordedCase) checkCLIError(cmd *command, err error) error {
	var nothing *NothingToMergeError
	if c.Error == nil && errors.As(err, &nothing) && len(c.NewRevision.Down) < 2 {
		// Alembic wrongly writes a merge of one head, or of none. The commands that follow are compared nevertheless.
		return c.checkThen(cmd, outcome{node: toNode(*c.NewRevision, 9999)})
	}
	return c.checkError(err)
}

func (c recordedCase) checkOutput(cmd *command, got outcome) error {
	var failure error
	if !cmd.sql && cmd.name != "merge" { // SQL and "Generating …" are pure printing
		failure = c.checkList("output", got.out, toList(c.Result))
	}
	if cmd.name == "merge" && c.NewRevision != nil {
		failure = errors.Join(
			c.checkList("down", got.node.Down, c.NewRevision.Down),
			c.checkList("depends on", got.node.DependsOn, c.NewRevision.DependsOn))
	}
	return errors.Join(failure,
		c.checkList("log", got.log, c.Log),
		checkSet("heads after", got.after, c.HeadsAfter))
}

// checkThen runs the follow-up commands on the graph with the new revision.
func (c recordedCase) checkThen(cmd *command, got outcome) error {
	if len(c.Then) == 0 {
		return nil
	}
	got.node.File = "$VERSIONS/9999_" + got.node.ID + ".py"
	bigger, err := cmd.g.With(got.node)
	if err != nil {
		return err
	}
	for _, follow := range c.Then {
		follow.Layer = c.Layer
		if err := follow.checkCLI(bigger); err != nil {
			return fmt.Errorf("then %v: %w", follow.Args["argv"], err)
		}
	}
	return nil
}

// command is a parsed command line.
type command struct {
	g       *Graph
	applied []string
	rows    []string
	name    string
	args    []string
	options map[string]string
	sql     bool
}

// outcome is what a command did.
type outcome struct {
	out, log, after []string
	node            Node
}

var switches = []string{"-i", "--indicate-current", "--resolve-dependencies", "--check-heads",
	"--sql", "--purge", "--splice", "-v", "--verbose"}

func parseCommand(g *Graph, c recordedCase) (*command, error) {
	argv := c.Args.list("argv")
	rows := c.Args.list("applied")
	cmd := &command{g: g, name: argv[0], options: map[string]string{}, rows: rows, applied: closure(g, rows)}
	for i := 1; i < len(argv); i++ {
		arg := argv[i]
		name, value, joined := strings.Cut(arg, "=")
		switch {
		case slices.Contains(switches, arg):
			cmd.options[arg] = "yes"
		case isStep(arg) || !strings.HasPrefix(arg, "-"):
			cmd.args = append(cmd.args, arg)
		case joined:
			cmd.options[name] = value
		case i+1 < len(argv):
			i++
			cmd.options[arg] = argv[i]
		}
	}
	_, cmd.sql = cmd.options["--sql"]
	if cmd.options["-v"]+cmd.options["--verbose"] != "" {
		return nil, skip("cli: -v is pure printing")
	}
	return cmd, nil
}

func isStep(arg string) bool { return len(arg) > 1 && isDigits(arg[1:]) }

func (cmd *command) option(names ...string) string {
	for _, name := range names {
		if value := cmd.options[name]; value != "" {
			return value
		}
	}
	return ""
}

func (cmd *command) arg(fallback string) string {
	if len(cmd.args) == 0 {
		return fallback
	}
	return cmd.args[0]
}

func (cmd *command) run() (outcome, error) {
	switch cmd.name {
	case "upgrade", "downgrade", "stamp":
		return cmd.move()
	case "merge":
		node, err := cmd.g.Merge(Proposal{
			ID: cmd.option("--rev-id"), Heads: cmd.args, Splice: cmd.option("--splice") != "",
		})
		return outcome{node: node, after: cmd.rows}, err
	case "heads", "branches", "current", "history", "show":
		out, err := cmd.print()
		return outcome{out: out, after: cmd.rows}, err
	}
	return outcome{}, skip("cli: the command " + cmd.name + " is not the graph's")
}

func (cmd *command) move() (outcome, error) {
	plan, err := cmd.plan()
	if err != nil {
		return outcome{}, err
	}
	got := outcome{after: plan.Heads}
	for _, step := range plan.Steps {
		line := fmt.Sprintf("Running %s %s", step.Kind, moveText(step.From, step.To))
		if step.Kind != Stamp {
			line += ", " + doc(step.Revision)
		}
		got.log = append(got.log, line)
	}
	return got, nil
}

func (cmd *command) plan() (Plan, error) {
	switch cmd.name {
	case "upgrade":
		return cmd.g.Upgrade(cmd.applied, cmd.arg("head"))
	case "downgrade":
		if cmd.sql && !strings.Contains(cmd.arg("-1"), ":") {
			return Plan{}, ErrOfflineDowngrade
		}
		return cmd.g.Downgrade(cmd.applied, cmd.arg("-1"))
	}
	applied := cmd.applied
	if cmd.option("--purge") != "" {
		applied = nil
	}
	if len(cmd.args) == 0 {
		return cmd.g.Stamp(applied, "head")
	}
	return cmd.g.Stamp(applied, cmd.args...)
}
