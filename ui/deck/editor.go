package deck

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
)

// edits has texts edited in the person's own editor, which has the terminal meanwhile. It is nil where there is no such editor.
func (m *model) edits(opt Options) func(text string, then func(text string, err error) tea.Cmd) tea.Cmd {
	if opt.Editor == nil {
		return nil
	}
	return func(text string, then func(text string, err error) tea.Cmd) tea.Cmd {
		edited := text
		run := away(func() (err error) {
			edited, err = opt.Editor(m.Life, text)
			return err
		})
		return tea.Exec(run, func(err error) tea.Msg {
			return component.Result(func() tea.Cmd { return tea.Batch(tea.ClearScreen, then(edited, err)) })
		})
	}
}
