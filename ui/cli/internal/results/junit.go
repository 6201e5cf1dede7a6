package results

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"strings"

	"signalbox/scenarios/script"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// The report's form: a suite a script, a case a step.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string           `xml:"name,attr"`
		Tests      int              `xml:"tests,attr"`
		Failures   int              `xml:"failures,attr"`
		Errors     int              `xml:"errors,attr"`
		Skipped    int              `xml:"skipped,attr"`
		Time       string           `xml:"time,attr"`
		Timestamp  string           `xml:"timestamp,attr"`
		Properties *junitProperties `xml:"properties,omitempty"`
		Cases      []junitCase      `xml:"testcase"`
		Output     string           `xml:"system-out,omitempty"`
	}
	junitCase struct {
		Name      string     `xml:"name,attr"`
		ClassName string     `xml:"classname,attr"`
		Time      string     `xml:"time,attr"`
		Failure   *junitText `xml:"failure,omitempty"`
		Error     *junitText `xml:"error,omitempty"`
		Skipped   *struct{}  `xml:"skipped,omitempty"`
	}
	junitProperties struct {
		All []junitProperty `xml:"property"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitText struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit reports the scripts that were run.
func JUnit(outcomes []Outcome) ([]byte, error) {
	report := junitSuites{}
	for _, x := range outcomes {
		suite := junitSuiteOf(x.Result)
		if x.Err != nil && (x.Failed == nil || !x.Unmet) {
			suite.Tests++
			suite.Errors++
			suite.Cases = append(suite.Cases, junitCase{
				Name: "run", ClassName: suite.Name, Time: suite.Time, Error: &junitText{Message: screen.Clean(x.Err.Error())},
			})
		}
		report.Suites = append(report.Suites, suite)
	}
	text, err := xml.MarshalIndent(report, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing the report: %w", err)
	}
	return append([]byte(xml.Header), append(text, '\n')...), nil
}

func junitSuiteOf(r script.Result) junitSuite {
	suite := junitSuite{
		Name: r.Script, Tests: len(r.Steps), Time: seconds(r.Took.Seconds()), Timestamp: r.Began.UTC().Format("2006-01-02T15:04:05"),
		Properties: properties(r),
	}
	for _, step := range r.Steps {
		c := junitCase{
			Name:      fmt.Sprintf("%d %s", step.Index+1, screen.Clean(cmp.Or(step.Written, step.Text))),
			ClassName: strings.ReplaceAll(r.Script, "/", "."),
			Time:      seconds(step.Took.Seconds()),
		}
		switch {
		case step.Failure != nil:
			suite.Failures++
			c.Failure = &junitText{
				Message: screen.Clean("expected " + step.Failure.Expected),
				Text:    screen.Clean(step.Failure.Error()),
			}
			suite.Output += evidenceText(step.Failure)
		case step.State == script.Skipped:
			suite.Skipped++
			c.Skipped = &struct{}{}
		}
		suite.Cases = append(suite.Cases, c)
	}
	return suite
}

// evidenceText is what was there when an expectation was not met.
func evidenceText(f *script.Failure) string {
	var text strings.Builder
	showEvidence(&text, output.Colours{}, f.Evidence)
	return text.String()
}

// properties are the seed, and the figures of loads, by where the load is.
func properties(r script.Result) *junitProperties {
	all := []junitProperty{{"seed", fmt.Sprint(r.Seed)}}
	for _, l := range r.Loads {
		for _, figure := range l.Figures.All() {
			if figure.Value != nil {
				all = append(all, junitProperty{l.Path + " " + figure.Name, fmt.Sprint(figure.Value)})
			}
		}
	}
	return &junitProperties{all}
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
