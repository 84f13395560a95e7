// A form of the same kind as Lockwright's sign-in, served by charmbracelet/wish: the peer of another language.
// Built by bench/subjects.py from Debian's packages, without a network.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/wish"
	bm "github.com/charmbracelet/wish/bubbletea"
	"github.com/gliderlabs/ssh"
)

type form struct {
	fields []textinput.Model
	width  int
	height int
}

var title = lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Color("110"))
var quiet = lipgloss.NewStyle().Foreground(lipgloss.Color("245"))

func (f form) Init() tea.Cmd { return nil }

func (f form) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		f.width, f.height = msg.Width, msg.Height
	case tea.KeyMsg:
		if msg.Type == tea.KeyCtrlQ || msg.Type == tea.KeyCtrlC {
			return f, tea.Quit
		}
	}
	var cmd tea.Cmd
	f.fields[0], cmd = f.fields[0].Update(msg)
	return f, cmd
}

func (f form) View() string {
	lines := []string{"", "  " + title.Render("Sign in"), ""}
	for i, name := range []string{"Name", "Password"} {
		lines = append(lines, "      "+quiet.Render(name), "      "+f.fields[i].View(), "")
	}
	for len(lines) < f.height-1 {
		lines = append(lines, "")
	}
	return strings.Join(append(lines, quiet.Render("  esc back")+strings.Repeat(" ", 50)+quiet.Render("enter go on")), "\n")
}

func open(s ssh.Session) (tea.Model, []tea.ProgramOption) {
	pty, _, _ := s.Pty()
	f := form{width: pty.Window.Width, height: pty.Window.Height}
	for i := 0; i < 2; i++ {
		field := textinput.NewModel()
		field.SetCursorMode(textinput.CursorStatic)
		f.fields = append(f.fields, field)
	}
	f.fields[0].Focus()
	return f, []tea.ProgramOption{tea.WithAltScreen()}
}

func main() {
	server, err := wish.NewServer(wish.WithAddress("127.0.0.1:"+os.Args[1]), wish.WithHostKeyPath(os.Args[2]), wish.WithMiddleware(bm.Middleware(open)))
	if err == nil {
		err = server.ListenAndServe()
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
