"""The model server by itself: what it sends has the documented shapes, and what it refuses is what the APIs refuse."""
import http.client
import json
import threading
import unittest
from http.server import ThreadingHTTPServer

import model_server

SCHEMA = {"type": "object", "properties": {"said": {"type": "string"}}, "required": ["said"], "additionalProperties": False}


def messages_request(**more):
    return {"model": "claude-sonnet-5-5", "max_tokens": 100, "stream": True, "system": [
        {"type": "text", "text": "Rewrite. " * 400, "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": "F1"}],
        "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": SCHEMA}}, **more}


class ModelServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        model_server.ModelServer.state = model_server.State()
        cls.server = ThreadingHTTPServer(("127.0.0.1", 0), model_server.ModelServer)
        cls.server.daemon_threads = True
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def setUp(self):
        model_server.ModelServer.state.reset()

    def post(self, path, body, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_address[1], timeout=10)
        if headers is None:
            headers = {"x-api-key": "sk-ant-1", "anthropic-version": "2023-06-01"}
        connection.request("POST", path, json.dumps(body), headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response, text

    def events(self, text):
        out = []
        for block in text.strip().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.split("\n"))
            out.append((lines.get("event"), lines["data"]))
        return out

    def test_a_stream_has_the_documented_events_in_their_order(self):
        response, text = self.post("/v1/messages", messages_request())
        self.assertEqual(response.status, 200)
        self.assertTrue(response.headers["content-type"].startswith("text/event-stream"))
        events = self.events(text)
        names = [name for name, _ in events]
        self.assertEqual(names[:3], ["message_start", "ping", "content_block_start"])
        self.assertEqual(names[-3:], ["content_block_stop", "message_delta", "message_stop"])
        self.assertEqual(set(names[3:-3]), {"content_block_delta"})
        for name, data in events:
            self.assertEqual(json.loads(data)["type"], name)
        start = json.loads(events[0][1])["message"]
        self.assertEqual({"id", "type", "role", "content", "model", "stop_reason", "stop_sequence", "usage"}, set(start))
        delta = json.loads(events[-2][1])
        self.assertEqual(delta["delta"]["stop_reason"], "end_turn")
        self.assertIn("output_tokens", delta["usage"])
        said = "".join(json.loads(data)["delta"]["text"] for name, data in events if name == "content_block_delta")
        self.assertEqual(json.loads(said), {"said": "words"})

    def test_instructions_are_written_to_the_cache_and_then_read_from_it(self):
        def usage():
            _, text = self.post("/v1/messages", messages_request())
            return json.loads(self.events(text)[0][1])["message"]["usage"]

        first, second = usage(), usage()
        self.assertGreater(first["cache_creation_input_tokens"], 512)
        self.assertEqual(first["cache_read_input_tokens"], 0)
        self.assertEqual(second["cache_read_input_tokens"], first["cache_creation_input_tokens"])

    def test_what_current_models_refuse_is_refused(self):
        for wrong in ({"temperature": 0}, {"tool_choice": {"type": "any"}}, {"thinking": {"type": "disabled"}},
                      {"max_tokens": 0}, {"messages": []}, {"messages": [{"role": "assistant", "content": "{"}]},
                      {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}},
                      {"output_config": {"format": {"type": "json_schema", "schema": {"type": "string", "maxLength": 3}}}}):
            response, text = self.post("/v1/messages", messages_request(**wrong))
            self.assertEqual(response.status, 400, wrong)
            self.assertEqual(json.loads(text)["error"]["type"], "invalid_request_error")
        self.assertEqual(self.post("/v1/messages", messages_request(), {})[0].status, 401)
        self.assertEqual(self.post("/v1/messages", messages_request(model="gpt"))[0].status, 404)

    def test_errors_have_the_documented_shape(self):
        self.post("/_control/fault", {"status": 529, "retry_after": 3})
        response, text = self.post("/v1/messages", messages_request())
        self.assertEqual(response.status, 529)
        self.assertEqual(response.headers["retry-after"], "3")
        self.assertTrue(response.headers["request-id"].startswith("req_"))
        body = json.loads(text)
        self.assertEqual((body["type"], body["error"]["type"]), ("error", "overloaded_error"))
        self.assertEqual(body["request_id"], response.headers["request-id"])

    def test_a_stream_can_be_cut_at_any_byte(self):
        self.post("/_control/fault", {"cut_at": 40})
        with self.assertRaises(http.client.IncompleteRead) as raised:
            self.post("/v1/messages", messages_request())
        self.assertEqual(len(raised.exception.partial), 40)

    def test_completions_stream_with_a_usage_at_the_end(self):
        request = {"model": "qwen3:8b", "stream": True, "stream_options": {"include_usage": True},
                   "messages": [{"role": "system", "content": "Rewrite."}, {"role": "user", "content": "F1"}],
                   "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA}}}
        response, text = self.post("/v1/chat/completions", request, {})
        self.assertEqual(response.status, 200)
        datas = [data for _, data in self.events(text)]
        self.assertEqual(datas[-1], "[DONE]")
        last = json.loads(datas[-2])
        self.assertEqual(last["choices"], [])
        self.assertEqual(set(last["usage"]), {"prompt_tokens", "completion_tokens", "total_tokens"})
        self.assertEqual(json.loads(datas[-3])["choices"][0]["finish_reason"], "stop")

    def test_answers_come_in_turn_and_the_last_stays(self):
        self.post("/_control/answers", {"answers": [{"said": "one"}, "no JSON"]})
        for expected in ('{"said": "one"}', "no JSON", "no JSON"):
            _, text = self.post("/v1/messages", messages_request(stream=False))
            self.assertEqual(json.loads(text)["content"][0]["text"], expected)

    def test_records_hold_no_key(self):
        self.post("/v1/messages", messages_request())
        records = json.dumps(model_server.ModelServer.state.records)
        self.assertNotIn("sk-ant-1", records)


if __name__ == "__main__":
    unittest.main()
