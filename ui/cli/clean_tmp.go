package cli

func clean(s string) string { return s }
