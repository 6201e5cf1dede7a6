package cli

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strings"

	"signalbox/scenarios/script"
	"signalbox/ui/screen"
)

// The report's form: a suite a script, a case a step.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name      string      `xml:"name,attr"`
		Tests     int         `xml:"tests,attr"`
		Failures  int         `xml:"failures,attr"`
		Errors    int         `xml:"errors,attr"`
		Skipped   int         `xml:"skipped,attr"`
		Time      string      `xml:"time,attr"`
		Timestamp string      `xml:"timestamp,attr"`
		Cases     []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name      string     `xml:"name,attr"`
		ClassName string     `xml:"classname,attr"`
		Time      string     `xml:"time,attr"`
		Failure   *junitText `xml:"failure,omitempty"`
		Error     *junitText `xml:"error,omitempty"`
		Skipped   *struct{}  `xml:"skipped,omitempty"`
	}
	junitText struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// junitReport reports the scripts that were run. stopped is what ended the last of them, when that was no expectation.
func junitReport(results []script.Result, stopped error) ([]byte, error) {
	report := junitSuites{}
	for _, r := range results {
		report.Suites = append(report.Suites, junitSuiteOf(r))
	}
	var expectation failure
	if last := len(results) - 1; last >= 0 && stopped != nil && !errors.As(stopped, &expectation) {
		suite := &report.Suites[last]
		suite.Tests++
		suite.Errors++
		suite.Cases = append(suite.Cases, junitCase{
			Name: "run", ClassName: suite.Name, Time: suite.Time, Error: &junitText{Message: screen.Clean(stopped.Error())},
		})
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
	}
	for _, step := range r.Steps {
		c := junitCase{
			Name:      fmt.Sprintf("%d %s", step.Index+1, screen.Clean(step.Text)),
			ClassName: strings.ReplaceAll(r.Script, "/", "."),
			Time:      seconds(step.Took.Seconds()),
		}
		switch {
		case step.Failure != nil:
			suite.Failures++
			c.Failure = &junitText{
				Message: screen.Clean("expected " + step.Failure.Expected),
				Text:    screen.Clean("expected " + step.Failure.Expected + "; found " + step.Failure.Found),
			}
		case step.State == script.Skipped:
			suite.Skipped++
			c.Skipped = &struct{}{}
		}
		suite.Cases = append(suite.Cases, c)
	}
	return suite
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
