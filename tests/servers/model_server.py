#!/usr/bin/env python3
"""A language model for tests: Anthropic's Messages API and OpenAI's chat completions, as documented.

It checks what it is sent, writes down each request, answers from a list, a script or the schema it was given, and
fails on demand. Standard library only.

    python3 model_server.py --port 0 [--script FILE.py]          # prints "listening on http://127.0.0.1:PORT"

A script defines answer(request): request has "instructions", "material", "schema" and "model"; it returns a dict (sent
as JSON) or a text (sent as it is), so that a model can lie in any way.

Control, for tests:
    POST /_control/answers   {"answers": [{...} | "text", ...]}  # in turn; the last one stays
    POST /_control/fault     {"times": 1, and any of
                              "status": 529, "error": "overloaded_error", "message": "...", "retry_after": 2,
                              "spend_limit": true, "drop": true, "silent": true, "stop_reason": "refusal",
                              "category": "cyber", "cut_at": 100, "stall_at": 100, "drip": 1, "content_type": "text/html",
                              "huge": 1000000, "duplicate": 3, "stream_error": "overloaded_error",
                              "refuse_format": true, "document": true, "no_usage": true, "echo_key": true}
    POST /_control/reset
    GET  /_control/records   every request so far, keys left out
"""
import argparse
import json
import re
import select
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MOST_BODY_BYTES = 32 << 20  # https://platform.claude.com/docs/en/api/overview#request-size-limits
LONGEST_STALL_SECONDS = 30
LEAST_CACHED_TOKENS = 512  # of the newest models; others need more

# https://platform.claude.com/docs/en/api/errors
STATUS_OF = {"invalid_request_error": 400, "authentication_error": 401, "billing_error": 402, "permission_error": 403,
             "not_found_error": 404, "request_too_large": 413, "rate_limit_error": 429, "api_error": 500,
             "timeout_error": 504, "overloaded_error": 529}
ERROR_OF = {status: name for name, status in STATUS_OF.items()}
# What a schema for structured output may hold.
# https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
REFUSED_KEYWORDS = {"minimum", "maximum", "multipleOf", "minLength", "maxLength", "maxItems", "uniqueItems", "pattern"}


class Refused(Exception):
    def __init__(self, error, message, status=None):
        super().__init__(message)
        self.error = error
        self.status = status or STATUS_OF[error]


def tokens_of(text):
    return max(1, len(text) // 4)


def check_schema(schema, where="schema"):
    if not isinstance(schema, dict):
        raise Refused("invalid_request_error", f"{where}: not an object")
    for keyword in REFUSED_KEYWORDS & set(schema):
        raise Refused("invalid_request_error", f"{where}: For '{schema.get('type')}' type, property '{keyword}' is not supported")
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            raise Refused("invalid_request_error",
                          f"{where}: For 'object' type, 'additionalProperties' must be explicitly set to false")
        for name, each in schema.get("properties", {}).items():
            check_schema(each, f"{where}.{name}")
    if "items" in schema:
        check_schema(schema["items"], f"{where}[]")


def sample(schema):
    """The smallest value that fits a schema."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: sample(each) for name, each in schema.get("properties", {}).items()}
    return {"array": [], "string": "words", "integer": 1, "number": 1.5, "boolean": True}.get(kind)


def check_messages_request(headers, body):
    """A request to /v1/messages -> what it asks. https://platform.claude.com/docs/en/api/messages/create"""
    if not headers.get("x-api-key", "").startswith("sk-ant-"):
        raise Refused("authentication_error", "invalid x-api-key")
    if headers.get("anthropic-version") != "2023-06-01":
        raise Refused("invalid_request_error", "anthropic-version: header is required")
    model = body.get("model")
    if not isinstance(model, str) or not model.startswith("claude-"):
        raise Refused("not_found_error", f"model: {model}")
    if not isinstance(body.get("max_tokens"), int) or body["max_tokens"] < 1:
        raise Refused("invalid_request_error", "max_tokens: Field required")
    messages = body.get("messages")
    if not messages or messages[-1].get("role") != "user" or not messages[-1].get("content"):
        raise Refused("invalid_request_error", "messages: must end with a user message that is not empty")
    known = {"model", "max_tokens", "messages", "system", "stream", "output_config", "thinking", "metadata"}
    for field in set(body) - known:  # sampling parameters and forced tools are among what current models refuse
        raise Refused("invalid_request_error", f"{field}: Extra inputs are not permitted")
    thinking = (body.get("thinking") or {}).get("type")
    if thinking and model.startswith("claude-sonnet-5-5") and thinking not in ("adaptive", "between_tools"):
        raise Refused("invalid_request_error", f"thinking.type.{thinking} is not supported for this model")
    if thinking == "between_tools" and not model.startswith("claude-sonnet-5-5"):
        raise Refused("invalid_request_error", "thinking.type.between_tools is not supported for this model")
    output = body.get("output_config") or {}
    if "effort" in output and output["effort"] not in ("low", "medium", "high", "xhigh", "max"):
        raise Refused("invalid_request_error", "output_config.effort")
    schema = None
    if "format" in output:
        if output["format"].get("type") != "json_schema":
            raise Refused("invalid_request_error", "output_config.format.type")
        schema = output["format"].get("schema")
        check_schema(schema, "output_config.format.schema")
    system = body.get("system") or ""
    blocks = [{"type": "text", "text": system}] if isinstance(system, str) else system
    cached = "".join(block["text"] for block in blocks if block.get("cache_control"))
    for block in blocks:
        if block.get("cache_control", {"type": "ephemeral"}).get("type") != "ephemeral":
            raise Refused("invalid_request_error", "system.cache_control.type")
    return {"instructions": "".join(block["text"] for block in blocks), "material": messages[-1]["content"],
            "schema": schema, "model": model, "stream": body.get("stream", False), "cached": cached,
            "max_tokens": body["max_tokens"]}


def check_completions_request(headers, body):
    """A request to /v1/chat/completions -> what it asks. https://platform.openai.com/docs/api-reference/chat/create"""
    if headers.get("authorization") == "Bearer bad":
        raise Refused("authentication_error", "Incorrect API key provided")
    if not isinstance(body.get("model"), str) or not isinstance(body.get("messages"), list) or not body["messages"]:
        raise Refused("invalid_request_error", "model and messages are required")
    if body.get("stream_options") and not body.get("stream"):
        raise Refused("invalid_request_error", "stream_options is only for streams")
    schema = None
    form = body.get("response_format")
    if form is not None:
        if form.get("type") != "json_schema" or not re.match(r"^[A-Za-z0-9_-]{1,64}$", form["json_schema"].get("name", "")):
            raise Refused("invalid_request_error", "response_format")
        schema = form["json_schema"].get("schema")
    by_role = {message["role"]: message["content"] for message in body["messages"]}
    return {"instructions": by_role.get("system", ""), "material": by_role.get("user", ""), "schema": schema,
            "model": body["model"], "stream": body.get("stream", False), "cached": "",
            "usage": (body.get("stream_options") or {}).get("include_usage", False), "max_tokens": body.get("max_tokens")}


def event(name, data):
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def pieces(text, size=24):
    return [text[at:at + size] for at in range(0, len(text), size)]


def messages_usage(asked, text, cache):
    prompt = tokens_of(asked["instructions"] + str(asked["material"]))
    cached = tokens_of(asked["cached"]) if asked["cached"] else 0
    if cached < LEAST_CACHED_TOKENS:
        cached = 0
    known = asked["cached"] in cache
    if cached:
        cache.add(asked["cached"])
    return {"input_tokens": prompt - cached, "cache_creation_input_tokens": 0 if known else cached,
            "cache_read_input_tokens": cached if known else 0, "output_tokens": tokens_of(text)}


def messages_stream(asked, text, usage, fault):
    """https://platform.claude.com/docs/en/build-with-claude/streaming"""
    message = {"id": "msg_0123", "type": "message", "role": "assistant", "content": [], "model": asked["model"],
               "stop_reason": None, "stop_sequence": None, "usage": {**usage, "output_tokens": 1}}
    out = [event("message_start", {"type": "message_start", "message": message}), event("ping", {"type": "ping"})]
    stop = fault.get("stop_reason", "end_turn")
    if stop != "refusal":
        out.append(event("content_block_start", {"type": "content_block_start", "index": 0,
                                                 "content_block": {"type": "text", "text": ""}}))
        deltas = [event("content_block_delta", {"type": "content_block_delta", "index": 0,
                                                "delta": {"type": "text_delta", "text": piece}}) for piece in pieces(text)]
        if "stream_error" in fault:
            error = {"type": "error", "error": {"type": fault["stream_error"], "message": "Overloaded"}}
            return out + deltas[:1] + [event("error", error)]
        out += deltas + [event("content_block_stop", {"type": "content_block_stop", "index": 0})]
    delta = {"stop_reason": stop, "stop_sequence": None}
    if stop == "refusal":
        delta["stop_details"] = {"type": "refusal", "category": fault.get("category"), "explanation": None}
    return out + [event("message_delta", {"type": "message_delta", "delta": delta,
                                          "usage": {"output_tokens": usage["output_tokens"]}}),
                  event("message_stop", {"type": "message_stop"})]


def completions_usage(asked, text):
    prompt, answer = tokens_of(asked["instructions"] + asked["material"]), tokens_of(text)
    return {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}


def completions_stream(asked, text, fault):
    def chunk(choices, **more):
        data = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": asked["model"],
                "choices": choices, **more}
        return f"data: {json.dumps(data)}\n\n"

    out = [chunk([{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}])]
    out += [chunk([{"index": 0, "delta": {"content": piece}, "finish_reason": None}]) for piece in pieces(text)]
    if "stream_error" in fault:
        return out[:2] + [f'data: {json.dumps({"error": {"message": "out of memory"}})}\n\n']
    finish = {"refusal": "content_filter", "max_tokens": "length"}.get(fault.get("stop_reason"), "stop")
    out.append(chunk([{"index": 0, "delta": {}, "finish_reason": finish}]))
    if asked["usage"] and not fault.get("no_usage"):
        out.append(chunk([], usage=completions_usage(asked, text)))
    return out + ["data: [DONE]\n\n"]


def completions_document(asked, text):
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": asked["model"],
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": completions_usage(asked, text)}


class State:
    def __init__(self, script=None):
        self.lock = threading.Lock()
        self.script = script
        self.reset()

    def reset(self):
        self.faults, self.answers, self.records, self.cache = [], [], [], set()

    def take_fault(self):
        if not self.faults:
            return {}
        fault = self.faults[0]
        fault["times"] = fault.get("times", 1) - 1
        if fault["times"] <= 0:
            self.faults.pop(0)
        return fault

    def take_answer(self, asked):
        if self.script is not None:
            answer = self.script(dict(asked))
        elif self.answers:
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        else:
            answer = sample(asked["schema"] or {"type": "object"})
        return answer if isinstance(answer, str) else json.dumps(answer)


class ModelServer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state = None

    def log_message(self, *_):
        pass

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except ConnectionResetError:
            self.close_connection = True  # a client that had seen enough

    def send_json(self, status, value, headers=()):
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in (("content-type", "application/json"), ("content-length", str(len(body))), *headers):
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/_control/records":
            with self.state.lock:
                return self.send_json(200, self.state.records)
        return self.send_json(404, {"error": "no such page"})

    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        if length > MOST_BODY_BYTES:
            self.close_connection = True
            return self.fail(self.path, "request_too_large", "Request exceeds the maximum size")
        body = self.rfile.read(length)
        try:
            request = json.loads(body or b"{}")
        except ValueError:
            return self.fail(self.path, "invalid_request_error", "The request body is not valid JSON")
        if self.path.startswith("/_control/"):
            return self.control(self.path.rsplit("/", 1)[1], request)
        if self.path not in ("/v1/messages", "/v1/chat/completions"):
            return self.fail(self.path, "not_found_error", "Not found")
        return self.answer(request)

    def control(self, what, args):
        with self.state.lock:
            if what == "reset":
                self.state.reset()
            elif what == "fault":
                self.state.faults.append(args)
            elif what == "answers":
                self.state.answers = list(args["answers"])
            else:
                return self.send_json(404, {"error": "no such control"})
        return self.send_json(200, {"ok": True})

    def fail(self, path, error, message, status=None, headers=(), details=None):
        headers = (("request-id", "req_0123"), *headers)
        if path == "/v1/chat/completions":
            body = {"error": {"message": message, "type": error, "code": error}}
        else:
            body = {"type": "error", "error": {"type": error, "message": message}, "request_id": "req_0123"}
            if details:
                body["error"]["details"] = details
        self.send_json(status or STATUS_OF[error], body, headers)

    def answer(self, body):
        is_messages = self.path == "/v1/messages"
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.state.lock:
            self.state.records.append({"path": self.path, "body": body, "version": headers.get("anthropic-version"),
                                       "key": bool(headers.get("x-api-key") or headers.get("authorization"))})
            fault = self.state.take_fault()
        if fault.get("drop"):
            self.close_connection = True
            return None
        if fault.get("silent"):
            return self.stall()
        if "status" in fault or "error" in fault:
            error = fault.get("error") or ERROR_OF.get(fault["status"], "api_error")
            message = fault.get("message", "Overloaded")
            if fault.get("echo_key"):  # a careless gateway
                message += " " + headers.get("x-api-key", headers.get("authorization", ""))
            retry = (("retry-after", str(fault["retry_after"])),) if "retry_after" in fault else ()
            details = {"error_code": "enforced_spend_limit_reached"} if fault.get("spend_limit") else None
            return self.fail(self.path, error, message, fault.get("status"), retry, details)
        try:
            if fault.get("refuse_format") and "response_format" in body:
                raise Refused("invalid_request_error", "response_format is not supported")
            asked = (check_messages_request if is_messages else check_completions_request)(headers, body)
        except Refused as refused:
            return self.fail(self.path, refused.error, str(refused), refused.status)
        with self.state.lock:
            text = self.state.take_answer(asked)
            if "huge" in fault:
                text = json.dumps({"said": "x" * fault["huge"]})
            usage = messages_usage(asked, text, self.state.cache) if is_messages else None
        if not asked["stream"] or fault.get("document"):
            return self.send_document(is_messages, asked, text, usage)
        events = messages_stream(asked, text, usage, fault) if is_messages else completions_stream(asked, text, fault)
        if "duplicate" in fault:
            events.insert(fault["duplicate"], events[fault["duplicate"]])
        return self.send_stream("".join(events).encode(), fault)

    def send_document(self, is_messages, asked, text, usage):
        if not is_messages:
            return self.send_json(200, completions_document(asked, text))
        return self.send_json(200, {"id": "msg_0123", "type": "message", "role": "assistant", "model": asked["model"],
                                    "content": [{"type": "text", "text": text}], "stop_reason": "end_turn",
                                    "stop_sequence": None, "usage": usage}, (("request-id", "req_0123"),))

    def send_stream(self, stream, fault):
        self.send_response(200)
        self.send_header("content-type", fault.get("content_type", "text/event-stream; charset=utf-8"))
        self.send_header("request-id", "req_0123")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        end = fault.get("cut_at", fault.get("stall_at", len(stream)))
        size = fault.get("drip") or len(stream)
        shown = stream[:end]
        try:
            for at in range(0, len(shown), size):
                part = shown[at:at + size]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                self.wfile.flush()
            if "stall_at" in fault:
                return self.stall()
            if "cut_at" in fault:
                self.close_connection = True  # no last chunk: cut short
                return None
            self.wfile.write(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        return None

    def stall(self):
        """Says nothing until the client has had enough."""
        deadline = time.monotonic() + LONGEST_STALL_SECONDS
        while time.monotonic() < deadline:
            readable, _, _ = select.select([self.connection], [], [], 0.2)
            if readable:
                break  # hung up
        self.close_connection = True


def load_script(path):
    names = {}
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), names)  # a test's own file
    return names["answer"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script")
    arguments = parser.parse_args()
    ModelServer.state = State(load_script(arguments.script) if arguments.script else None)
    server = ThreadingHTTPServer(("127.0.0.1", arguments.port), ModelServer)
    server.daemon_threads = True
    print(f"listening on http://127.0.0.1:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
