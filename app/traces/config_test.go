package traces_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"guestlist/app/traces"
)

// defaults returns the variables with the program's defaults, and an endpoint.
func defaults() traces.Variables {
	return traces.Variables{
		OTELTracesExporter: "otlp", OTELExporterOTLPEndpoint: "http://collector:4318",
		OTELExporterOTLPProtocol: "http/protobuf",
		OTELExporterOTLPTimeout:  "10000", OTELExporterOTLPCompression: "none", OTELServiceName: "guestlist",
		OTELTracesSampler: "parentbased_always_on", OTELTracesSamplerArg: "1", OTELPropagators: "tracecontext,baggage",
	}
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ all, own, want string }{
		"none":              {"", "", ""},
		"for all signals":   {"http://collector:4318", "", "http://collector:4318/v1/traces"},
		"with a slash":      {"http://collector:4318/", "", "http://collector:4318/v1/traces"},
		"with a path":       {"https://collector.example.org/otlp", "", "https://collector.example.org/otlp/v1/traces"},
		"for traces":        {"", "http://collector:4318/mine", "http://collector:4318/mine"},
		"for traces, alone": {"http://other:4318", "http://collector:4318", "http://collector:4318"},
		"with a password":   {"https://ann:secret@collector", "", "https://ann:xxxxx@collector/v1/traces"},
	} {
		v := defaults()
		v.OTELExporterOTLPEndpoint, v.OTELExporterOTLPTracesEndpoint = test.all, test.own
		config, problems := traces.Parse(v)
		if len(problems) > 0 || config.Address() != test.want || config.Enabled() != (test.want != "") {
			t.Errorf("%s: got %q, %v, want %q", name, config.Address(), problems, test.want)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	v := defaults()
	v.OTELExporterOTLPHeaders, v.OTELExporterOTLPTracesHeaders = "a=all", "authorization=Basic%20YQ==, x-tenant = 7 ,"
	v.OTELExporterOTLPTracesTimeout, v.OTELExporterOTLPTracesCompression = "1500", "gzip"
	v.OTELExporterOTLPProtocol, v.OTELExporterOTLPTracesProtocol = "grpc", "http/protobuf"
	v.OTELResourceAttributes = "service.version=1,team=a%2Cb"
	config, problems := traces.Parse(v)
	if want := (http.Header{"Authorization": {"Basic YQ=="}, "X-Tenant": {"7"}}); len(problems) > 0 ||
		!reflect.DeepEqual(config.Headers, want) {
		t.Errorf("got %v, %v; want %v, no problems", config.Headers, problems, want)
	}
	if want := 1500 * time.Millisecond; config.Timeout != want {
		t.Errorf("got the timeout %s, want %s", config.Timeout, want)
	}
	if !config.Compress || len(config.Resource) != 3 {
		t.Errorf("got %+v, want compression and 3 attributes of the resource", config)
	}
}

// TestSamplers compares the SDK's descriptions of the samplers.
func TestSamplers(t *testing.T) {
	t.Parallel()
	const parent = ",remoteParentSampled:AlwaysOnSampler,remoteParentNotSampled:AlwaysOffSampler," +
		"localParentSampled:AlwaysOnSampler,localParentNotSampled:AlwaysOffSampler}"
	for name, want := range map[string]string{
		"always_on":                "AlwaysOnSampler",
		"always_off":               "AlwaysOffSampler",
		"traceidratio":             "TraceIDRatioBased{0.25}",
		"parentbased_always_on":    "ParentBased{root:AlwaysOnSampler" + parent,
		"parentbased_always_off":   "ParentBased{root:AlwaysOffSampler" + parent,
		"parentbased_traceidratio": "ParentBased{root:TraceIDRatioBased{0.25}" + parent,
	} {
		v := defaults()
		v.OTELTracesSampler, v.OTELTracesSamplerArg = name, "0.25"
		config, problems := traces.Parse(v)
		if len(problems) > 0 {
			t.Errorf("%s: got the problems %v, want none", name, problems)
			continue
		}
		if got := config.Sampler.Description(); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// TestRefused checks that each problem names its variable and what is allowed, and shows nothing that may be secret,
// and that there is no problem when traces are off.
func TestRefused(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*traces.Variables){
		"OTEL_EXPORTER_OTLP_ENDPOINT: must have the form http://collector:4318": func(v *traces.Variables) {
			v.OTELExporterOTLPEndpoint = "collector:4318/canary"
		},
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: must have the form": func(v *traces.Variables) {
			v.OTELExporterOTLPTracesEndpoint = "grpc://u:canary@collector:4317"
		},
		"OTEL_EXPORTER_OTLP_HEADERS: is not of the form " +
			"name=value": func(v *traces.Variables) { v.OTELExporterOTLPHeaders = "canary" },
		"OTEL_EXPORTER_OTLP_TRACES_HEADERS: holds " +
			"a character": func(v *traces.Variables) { v.OTELExporterOTLPTracesHeaders = "a=canary%0A" },
		"OTEL_EXPORTER_OTLP_HEADERS: is not of the form " +
			"name=value,na": func(v *traces.Variables) { v.OTELExporterOTLPHeaders = "a=canary%" },
		`OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" is not supported; ` +
			`http/protobuf is, which collectors take at port 4318`: func(v *traces.Variables) {
			v.OTELExporterOTLPProtocol = "grpc"
		},
		`OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/json" is not supported`: func(v *traces.Variables) {
			v.OTELExporterOTLPTracesProtocol = "http/json"
		},
		`OTEL_EXPORTER_OTLP_TIMEOUT: "10s" is not a number of milliseconds`: func(v *traces.Variables) {
			v.OTELExporterOTLPTimeout = "10s"
		},
		`OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: "0" is not`: func(v *traces.Variables) {
			v.OTELExporterOTLPTracesTimeout = "0"
		},
		`OTEL_EXPORTER_OTLP_COMPRESSION: "zstd" is not supported: it can be none or gzip`: func(v *traces.Variables) {
			v.OTELExporterOTLPCompression = "zstd"
		},
		"OTEL_RESOURCE_ATTRIBUTES: holds a character that is not " +
			"UTF-8": func(v *traces.Variables) { v.OTELResourceAttributes = "team=M%FCller" },
		`OTEL_TRACES_EXPORTER: "zipkin" is not supported: it can be otlp or none`: func(v *traces.Variables) {
			v.OTELTracesExporter = "zipkin"
		},
		`OTEL_TRACES_SAMPLER: "jaeger_remote" is not supported: it can be always_on, always_of`: func(v *traces.Variables) {
			v.OTELTracesSampler = "jaeger_remote"
		},
		`OTEL_TRACES_SAMPLER_ARG: "1%" is not a share from 0 to 1`: func(v *traces.Variables) {
			v.OTELTracesSampler, v.OTELTracesSamplerArg = "traceidratio", "1%"
		},
		`OTEL_TRACES_SAMPLER_ARG: "NaN" is not`: func(v *traces.Variables) {
			v.OTELTracesSampler, v.OTELTracesSamplerArg = "parentbased_traceidratio", "NaN"
		},
		`OTEL_PROPAGATORS: "b3" is not supported: it can be tracecontext, baggage or none`: func(v *traces.Variables) {
			v.OTELPropagators = "tracecontext,b3"
		},
		"OTEL_RESOURCE_ATTRIBUTES: is not of the " +
			"form": func(v *traces.Variables) { v.OTELResourceAttributes = "=x" },
	} {
		v := defaults()
		change(&v)
		_, problems := traces.Parse(v)
		if len(problems) != 1 {
			t.Errorf("%s: got the problems %v, want one", want, problems)
			continue
		}
		if got := problems[0].Name + ": " + problems[0].Err.Error(); !strings.HasPrefix(got, want) ||
			strings.Contains(got, "canary") {
			t.Errorf("got %s, want %s", got, want)
		}
		for name, off := range map[string]func(*traces.Variables){
			"disabled":    func(v *traces.Variables) { v.OTELSDKDisabled = true },
			"no exporter": func(v *traces.Variables) { v.OTELTracesExporter = "none" },
			"no endpoint": func(v *traces.Variables) { v.OTELExporterOTLPEndpoint, v.OTELExporterOTLPTracesEndpoint = "", "" },
		} {
			v := v
			off(&v)
			if config, problems := traces.Parse(v); config.Enabled() || len(problems) > 0 {
				t.Errorf("%s, %s: got %v, %v; want traces off and no problems", want, name, config, problems)
			}
		}
	}
}
