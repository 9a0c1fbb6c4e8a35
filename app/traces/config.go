package traces

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// Variables are the supported standard environment variables, under their own names:
// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
type Variables struct {
	OTELSDKDisabled                   bool
	OTELTracesExporter                string
	OTELExporterOTLPEndpoint          string
	OTELExporterOTLPTracesEndpoint    string
	OTELExporterOTLPHeaders           string
	OTELExporterOTLPTracesHeaders     string
	OTELExporterOTLPProtocol          string
	OTELExporterOTLPTracesProtocol    string
	OTELExporterOTLPTimeout           string
	OTELExporterOTLPTracesTimeout     string
	OTELExporterOTLPCompression       string
	OTELExporterOTLPTracesCompression string
	OTELServiceName                   string
	OTELResourceAttributes            string
	OTELTracesSampler                 string
	OTELTracesSamplerArg              string
	OTELPropagators                   string
}

// Config says which spans are made and where they are sent. The zero value makes none.
type Config struct {
	Endpoint   string      // the URL to post spans to; "": no traces
	Headers    http.Header // sent with each post
	Timeout    time.Duration
	Compress   bool // with gzip
	Sampler    sdktrace.Sampler
	Propagator propagation.TextMapPropagator
	Resource   []attribute.KeyValue // describes the program
}

// Enabled reports whether traces are on.
func (c Config) Enabled() bool { return c.Endpoint != "" }

// Address returns the endpoint without a password.
func (c Config) Address() string {
	u, err := url.Parse(c.Endpoint)
	if err != nil {
		return ""
	}
	return u.Redacted()
}

// Problem is an error in a variable. It quotes no URL or header, since they may contain secrets.
type Problem struct {
	Name string
	Err  error
}

// Parse parses the variables. If they have no endpoint, or turn traces off, it ignores the others, which may be meant
// for other programs.
func Parse(v Variables) (Config, []Problem) {
	if v.OTELSDKDisabled || v.OTELTracesExporter == "none" ||
		v.OTELExporterOTLPEndpoint+v.OTELExporterOTLPTracesEndpoint == "" {
		return Config{}, nil
	}
	var c Config
	var problems []Problem
	note := func(name string, err error) {
		if err != nil {
			problems = append(problems, Problem{name, err})
		}
	}
	// own returns the variable for traces, else the one for all signals.
	own := func(suffix, traces, all string) (name, value string) {
		if traces != "" {
			return "OTEL_EXPORTER_OTLP_TRACES_" + suffix, traces
		}
		return "OTEL_EXPORTER_OTLP_" + suffix, all
	}
	var err error
	name, value := own("ENDPOINT", v.OTELExporterOTLPTracesEndpoint, v.OTELExporterOTLPEndpoint)
	c.Endpoint, err = parseEndpoint(value, v.OTELExporterOTLPTracesEndpoint == "")
	note(name, err)
	name, value = own("HEADERS", v.OTELExporterOTLPTracesHeaders, v.OTELExporterOTLPHeaders)
	c.Headers, err = parseHeaders(value)
	note(name, err)
	name, value = own("PROTOCOL", v.OTELExporterOTLPTracesProtocol, v.OTELExporterOTLPProtocol)
	note(name, checkProtocol(value))
	name, value = own("TIMEOUT", v.OTELExporterOTLPTracesTimeout, v.OTELExporterOTLPTimeout)
	c.Timeout, err = parseTimeout(value)
	note(name, err)
	name, value = own("COMPRESSION", v.OTELExporterOTLPTracesCompression, v.OTELExporterOTLPCompression)
	c.Compress, err = parseCompression(value)
	note(name, err)
	note("OTEL_TRACES_EXPORTER", oneOf(v.OTELTracesExporter, "otlp", "none"))
	name, c.Sampler, err = parseSampler(v.OTELTracesSampler, v.OTELTracesSamplerArg)
	note(name, err)
	c.Propagator, err = parsePropagators(v.OTELPropagators)
	note("OTEL_PROPAGATORS", err)
	c.Resource, err = parseAttributes(v.OTELResourceAttributes)
	note("OTEL_RESOURCE_ATTRIBUTES", err)
	c.Resource = append(c.Resource, semconv.ServiceName(v.OTELServiceName)) // overrides an earlier one
	return c, problems
}

// parseEndpoint returns the URL to post to. If text is the base URL for all signals, it adds the path for traces.
func parseEndpoint(text string, base bool) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("must have the form http://collector:4318 or https://collector.example.org")
	}
	if base {
		u = u.JoinPath("v1", "traces")
	}
	return u.String(), nil
}

// pairs parses the format of W3C Baggage: name=value,name=value, with percent-encoded values.
func pairs(text string) (names, values []string, err error) {
	for pair := range strings.SplitSeq(text, ",") {
		if pair = strings.TrimSpace(pair); pair == "" {
			continue
		}
		name, value, ok := strings.Cut(pair, "=")
		name = strings.TrimSpace(name)
		value, bad := url.PathUnescape(strings.TrimSpace(value))
		if !ok || name == "" || bad != nil {
			return nil, nil, errors.New("is not of the form name=value,name=value, with % and , in values as %25 and %2C")
		}
		names, values = append(names, name), append(values, value)
	}
	return names, values, nil
}

func parseHeaders(text string) (http.Header, error) {
	names, values, err := pairs(text)
	headers := http.Header{}
	for i, name := range names {
		if strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }) ||
			strings.ContainsAny(values[i], "\r\n\x00") {
			return nil, errors.New("holds a character that no header may have")
		}
		headers.Set(name, values[i])
	}
	return headers, err
}

func parseAttributes(text string) (attributes []attribute.KeyValue, err error) {
	names, values, err := pairs(text)
	for i, name := range names {
		if !utf8.ValidString(name + values[i]) { // spans could not be encoded
			return nil, errors.New("holds a character that is not UTF-8")
		}
		attributes = append(attributes, attribute.String(name, values[i]))
	}
	return attributes, err
}

// checkProtocol accepts the protocol that this package implements.
func checkProtocol(text string) error {
	if text != "http/protobuf" {
		return fmt.Errorf("%q is not supported; http/protobuf is, which collectors take at port 4318", text)
	}
	return nil
}

func parseTimeout(text string) (time.Duration, error) {
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > 3600_000 {
		return 0, fmt.Errorf("%q is not a number of milliseconds from 1 to 3600000", text)
	}
	return time.Duration(number) * time.Millisecond, nil
}

func parseCompression(text string) (gzip bool, err error) {
	return text == "gzip", oneOf(cmp.Or(text, "none"), "none", "gzip")
}

// parseSampler returns the sampler for requests, mails and background queries, or an error with the name of the
// variable.
func parseSampler(text, argument string) (name string, sampler sdktrace.Sampler, err error) {
	ratio, err := strconv.ParseFloat(argument, 64)
	if !(ratio >= 0 && ratio <= 1) || err != nil { // also NaN
		ratio, err = 0, fmt.Errorf("%q is not a share from 0 to 1, such as 0.01", argument)
	}
	const ofArgument = "OTEL_TRACES_SAMPLER_ARG"
	switch text {
	case "always_on":
		return "", sdktrace.AlwaysSample(), nil
	case "always_off":
		return "", sdktrace.NeverSample(), nil
	case "traceidratio":
		return ofArgument, sdktrace.TraceIDRatioBased(ratio), err
	case "parentbased_always_on":
		return "", sdktrace.ParentBased(sdktrace.AlwaysSample()), nil
	case "parentbased_always_off":
		return "", sdktrace.ParentBased(sdktrace.NeverSample()), nil
	case "parentbased_traceidratio":
		return ofArgument, sdktrace.ParentBased(sdktrace.TraceIDRatioBased(ratio)), err
	}
	return "OTEL_TRACES_SAMPLER", nil, oneOf(text, "always_on", "always_off", "traceidratio", "parentbased_always_on",
		"parentbased_always_off", "parentbased_traceidratio")
}

func parsePropagators(text string) (propagation.TextMapPropagator, error) {
	var all []propagation.TextMapPropagator
	for name := range strings.SplitSeq(text, ",") {
		switch name = strings.TrimSpace(name); name {
		case "tracecontext":
			all = append(all, propagation.TraceContext{})
		case "baggage": // not used here or passed on
		case "none", "":
		default:
			return nil, oneOf(name, "tracecontext", "baggage", "none")
		}
	}
	return propagation.NewCompositeTextMapPropagator(all...), nil
}

func oneOf(text string, known ...string) error {
	if slices.Contains(known, text) {
		return nil
	}
	last := len(known) - 1
	return fmt.Errorf("%q is not supported: it can be %s or %s", text, strings.Join(known[:last], ", "), known[last])
}
