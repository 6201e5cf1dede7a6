// Package bench measures the program as a whole, against the bare client libraries in the same run: intake from real
// brokers to a drawn deck, the answer to a key while messages flood in, filters over a million events, and memory. It has
// tests only. The brokers and whoever floods them are processes of their own.
package bench
