package levers

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/jsapi"
)

func purgeLever(s bus.Station) lever {
	what, all := "subject", "the subject, wildcards included; all when empty"
	if s.Kind == bus.Bucket {
		what, all = "key", "the key, wildcards included; all when empty"
	}
	return lever{
		Lever: bus.Lever{
			Name: "purge", Title: "Purge messages", Harms: true,
			About: "Removes messages for good; those who have not read them never will.",
			Fields: []bus.LeverField{
				{Name: what, Label: strings.ToUpper(what[:1]) + what[1:], About: all, Optional: true},
				{Name: "keep", Label: "Keep", About: "so many of the newest stay", Default: "0", Optional: true},
			},
		},
		pull: purge,
	}
}

func purge(ctx context.Context, l *Levers, on bus.Target, values map[string]string) (string, error) {
	stream := jsapi.StreamName(on.Station)
	request := struct {
		Subject string `json:"filter,omitempty"`
		Keep    uint64 `json:"keep,omitempty"`
	}{Subject: values["subject"]}
	if key := values["key"]; key != "" {
		request.Subject = jsapi.KeyPrefix(stream) + key
	}
	if keep := values["keep"]; keep != "" {
		n, err := strconv.ParseUint(keep, 10, 64)
		if err != nil {
			return "", fmt.Errorf("keep %q: want a number", keep)
		}
		request.Keep = n
	}
	var answer struct {
		Purged uint64 `json:"purged"`
	}
	if err := l.js.Do(ctx, "STREAM.PURGE."+stream, request, &answer); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d messages of %s are removed", answer.Purged, on.Station.Name), nil
}

func deleteStream(s bus.Station) lever {
	return lever{
		Lever: bus.Lever{
			Name: "delete", Title: "Delete the " + kindWord(s.Kind), Harms: true,
			About: "It goes with all its messages and consumers, for good.",
		},
		pull: func(ctx context.Context, l *Levers, on bus.Target, _ map[string]string) (string, error) {
			if err := l.js.Do(ctx, "STREAM.DELETE."+jsapi.StreamName(on.Station), nil, &struct{}{}); err != nil {
				return "", err
			}
			return fmt.Sprintf("the %s %s is deleted", kindWord(on.Station.Kind), on.Station.Name), nil
		},
	}
}

func kindWord(k bus.Kind) string {
	switch k {
	case bus.Bucket:
		return "bucket"
	case bus.ObjectStore:
		return "object store"
	default:
		return string(k)
	}
}

var replicasField = bus.LeverField{
	Name: "replicas", Label: "Replicas", About: "how many servers of a cluster keep it: 1, 3 or 5", Default: "1", Optional: true,
}

// replicas reads what replicasField took.
func replicas(values map[string]string) (int, error) {
	text := values["replicas"]
	n, err := strconv.Atoi(cmp.Or(text, "1"))
	if err != nil || n < 1 || n > 5 {
		return 0, fmt.Errorf("replicas %q: want a number from 1 to 5", text)
	}
	return n, nil
}

var createStream = lever{
	Lever: bus.Lever{
		Name: "create-stream", Title: "Create a stream", About: "It stores what is published on its subjects from now on.",
		Fields: []bus.LeverField{
			{Name: "name", Label: "Name", About: "what the stream is called"},
			{Name: "subjects", Label: "Subjects", About: "what it takes in, separated by commas; its name when empty", Optional: true},
			{Name: "retention", Label: "Retention", About: "limits, interest or workqueue", Default: "limits"},
			{Name: "storage", Label: "Storage", About: "file or memory", Default: "file"},
			replicasField,
			{Name: "age", Label: "Max age", About: "how long messages are kept, such as 24h; for ever when empty", Optional: true},
		},
	},
	pull: func(ctx context.Context, l *Levers, _ bus.Target, values map[string]string) (string, error) {
		config := jetstream.StreamConfig{Name: values["name"], Subjects: splitList(values["subjects"])}
		if len(config.Subjects) == 0 {
			config.Subjects = []string{config.Name}
		}
		if err := config.Retention.UnmarshalJSON([]byte(strconv.Quote(values["retention"]))); err != nil {
			return "", fmt.Errorf("retention %q: want limits, interest or workqueue", values["retention"])
		}
		if err := config.Storage.UnmarshalJSON([]byte(strconv.Quote(values["storage"]))); err != nil {
			return "", fmt.Errorf("storage %q: want file or memory", values["storage"])
		}
		var err error
		if config.Replicas, err = replicas(values); err != nil {
			return "", err
		}
		if age := values["age"]; age != "" {
			if config.MaxAge, err = time.ParseDuration(age); err != nil {
				return "", fmt.Errorf("age %q: want a length of time such as 24h", age)
			}
		}
		if _, err := l.js.JetStream.CreateStream(ctx, config); err != nil {
			return "", fmt.Errorf("%s: %w", config.Name, jsapi.Error(err))
		}
		return fmt.Sprintf("the stream %s takes %s", config.Name, strings.Join(config.Subjects, ", ")), nil
	},
}

var createBucket = lever{
	Lever: bus.Lever{
		Name: "create-bucket", Title: "Create a key-value bucket", About: "It keeps the latest values of its keys.",
		Fields: []bus.LeverField{
			{Name: "name", Label: "Name", About: "what the bucket is called"},
			{Name: "history", Label: "History", About: "how many values of a key are kept, from 1 to 64", Default: strconv.Itoa(jsapi.BucketHistory)},
			replicasField,
		},
	},
	pull: func(ctx context.Context, l *Levers, _ bus.Target, values map[string]string) (string, error) {
		history, err := strconv.ParseUint(values["history"], 10, 8)
		if err != nil || history < 1 || history > 64 {
			return "", fmt.Errorf("history %q: want a number from 1 to 64", values["history"])
		}
		copies, err := replicas(values)
		if err != nil {
			return "", err
		}
		config := jetstream.KeyValueConfig{Bucket: values["name"], History: uint8(history), Replicas: copies}
		if _, err := l.js.JetStream.CreateKeyValue(ctx, config); err != nil {
			return "", fmt.Errorf("%s: %w", values["name"], jsapi.Error(err))
		}
		return fmt.Sprintf("the bucket %s is there", values["name"]), nil
	},
}
