"""The chat server keeps to the documented behaviour of the services that it stands for."""
import json
import os
import tempfile
import threading
import unittest
import urllib.error
import urllib.parse
import urllib.request

from chat_server import ChatServer

CHANNEL = "C0123456789"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


class ChatServerTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.record = os.path.join(self.folder.name, "requests.jsonl")
        self.server = ChatServer(0, self.record)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()
        self.server.record_file.close()
        self.folder.cleanup()

    def post(self, path, body, content_type="application/json", token="xoxb-1"):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        request = urllib.request.Request(self.server.base + path, body, {"Content-Type": content_type})
        if token:
            request.add_header("Authorization", "Bearer " + token)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()

    def slack(self, method, args, **more):
        return json.loads(self.post("/api/" + method, args, **more)[2])

    def form(self, method, args):
        return self.slack(method, urllib.parse.urlencode(args).encode(),
                          content_type="application/x-www-form-urlencoded")

    def whatsapp(self, args, token="t"):
        status, _, body = self.post("/v23.0/555/messages", {"messaging_product": "whatsapp", "to": "4912345", **args},
                                    token=token)
        return status, json.loads(body)

    def control(self, what, args):
        self.assertEqual(self.post("/_control/" + what, args)[0], 200)

    def test_a_slack_message_is_posted_edited_and_answered(self):
        posted = self.slack("chat.postMessage", {"channel": CHANNEL, "text": "hello"})
        self.assertTrue(posted["ok"])
        self.assertTrue(self.slack("chat.update", {"channel": CHANNEL, "ts": posted["ts"], "text": "more"})["ok"])
        reply = self.slack("chat.postMessage", {"channel": CHANNEL, "text": "done", "thread_ts": posted["ts"]})
        self.assertTrue(reply["ok"])
        history = self.form("conversations.history", {"channel": CHANNEL})
        self.assertEqual([m["text"] for m in history["messages"]], ["more"])
        replies = self.form("conversations.replies", {"channel": CHANNEL, "ts": posted["ts"]})
        self.assertEqual([m["text"] for m in replies["messages"]], ["more", "done"])

    def test_slack_limits_are_enforced(self):
        def error_of(blocks):
            return self.slack("chat.postMessage", {"channel": CHANNEL, "text": "x", "blocks": blocks}).get("error")

        def section(length):
            return {"type": "section", "text": {"type": "mrkdwn", "text": "a" * length}}

        header = {"type": "header", "text": {"type": "plain_text", "text": "a" * 151}}
        self.assertIsNone(error_of([section(3000)]))
        self.assertEqual(error_of([section(3001)]), "invalid_blocks")
        self.assertEqual(error_of([section(0)]), "invalid_blocks")
        self.assertEqual(error_of([header]), "invalid_blocks")
        self.assertEqual(error_of([section(1)] * 51), "invalid_blocks")
        self.assertEqual(error_of([section(2900)] * 4), "msg_blocks_too_long")
        self.assertEqual(error_of([{"type": "nonsense"}]), "invalid_blocks")
        self.assertEqual(error_of([{"type": "image", "alt_text": "x", "slack_file": {"id": "nope"}}]),
                         "invalid_blocks")

    def test_slack_refuses_what_it_does_not_know(self):
        self.assertEqual(self.slack("chat.postMessage", {"channel": CHANNEL, "text": "x"}, token=None)["error"],
                         "not_authed")
        self.assertEqual(self.slack("chat.postMessage", {"channel": CHANNEL, "text": "x"}, token="xoxb-bad")["error"],
                         "invalid_auth")
        self.assertEqual(self.slack("chat.postMessage", {"channel": "#ops", "text": "x"})["error"],
                         "channel_not_found")
        self.assertEqual(self.slack("chat.postMessage", {"channel": CHANNEL})["error"], "no_text")
        self.assertEqual(self.slack("chat.update", {"channel": CHANNEL, "ts": "1.0", "text": "x"})["error"],
                         "message_not_found")
        self.assertEqual(self.slack("conversations.history", {"channel": CHANNEL})["error"], "invalid_arguments")

    def test_a_file_is_uploaded_in_three_steps_and_is_busy_for_a_while(self):
        self.control("files", {"busy_for": 1})
        place = self.form("files.getUploadURLExternal", {"filename": "c.png", "length": len(PNG)})
        self.assertEqual(self.slack("files.completeUploadExternal", {"files": [{"id": place["file_id"]}]})["error"],
                         "file_not_found")
        path = urllib.parse.urlsplit(place["upload_url"]).path
        self.assertEqual(self.post(path, PNG[:-1], "application/octet-stream")[0], 400)
        self.assertEqual(self.post(path, PNG, "application/octet-stream")[0], 200)
        self.assertTrue(self.slack("files.completeUploadExternal", {"files": [{"id": place["file_id"]}]})["ok"])
        image = {"channel": CHANNEL, "text": "x",
                 "blocks": [{"type": "image", "alt_text": "chart", "slack_file": {"id": place["file_id"]}}]}
        self.assertIn("slack_file", json.dumps(self.slack("chat.postMessage", image)))
        self.assertTrue(self.slack("chat.postMessage", image)["ok"])

    def test_mentions_and_links_are_recorded(self):
        self.slack("chat.postMessage", {"channel": CHANNEL, "text": "<!channel> <https://evil.example|x>"})
        with open(self.record, encoding="utf-8") as lines:
            record = json.loads(lines.readlines()[-1])
        self.assertEqual(record["marked_up"], {"mentions": ["<!channel>"], "links": ["https://evil.example"]})

    def test_the_webhook_answers_in_words(self):
        self.assertEqual(self.post("/services/T0/B0/x", {"text": "hi"}, token=None)[::2], (200, b"ok"))
        self.assertEqual(self.post("/services/T0/B0/x", b"{", token=None)[::2], (400, b"invalid_payload"))
        self.assertEqual(self.post("/services/T0/B0/x", {}, token=None)[::2], (400, b"no_text"))

    def test_whatsapp_limits_are_enforced(self):
        def code_of(args):
            return self.whatsapp(args)[1].get("error", {}).get("code")

        def template(text):
            return {"type": "template", "template": {"name": "alert", "language": {"code": "en"}, "components": [
                {"type": "body", "parameters": [{"type": "text", "text": text}]}]}}

        self.assertIsNone(code_of({"type": "text", "text": {"body": "a" * 4096}}))
        self.assertEqual(code_of({"type": "text", "text": {"body": "a" * 4097}}), 100)
        self.assertEqual(code_of({"type": "text", "text": {"body": ""}}), 131008)
        self.assertEqual(code_of({"type": "image", "image": {"id": "1"}}), 131052)
        self.assertIsNone(code_of(template("fine")))
        for bad in ("two\nlines", "a\ttab", "many     spaces"):
            self.assertEqual(code_of(template(bad)), 132018)
        self.assertEqual(code_of({"type": "text", "text": {"body": "x"}, "context": {"message_id": "no"}}), 131009)
        self.assertEqual(self.whatsapp({"type": "text", "text": {"body": "x"}}, token="bad")[0], 401)

    def test_a_closed_session_takes_templates_only(self):
        self.control("session", {"to": "4912345", "open": False})
        self.assertEqual(self.whatsapp({"type": "text", "text": {"body": "x"}})[1]["error"]["code"], 131047)
        self.control("session", {"to": "4912345", "open": True})
        self.assertEqual(self.whatsapp({"type": "text", "text": {"body": "x"}})[0], 200)

    def test_media_must_be_what_it_says(self):
        def upload(content):
            body = (b"--b\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n"
                    b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"c.png\"\r\n"
                    b"Content-Type: image/png\r\n\r\n" + content + b"\r\n--b--\r\n")
            return self.post("/v23.0/555/media", body, "multipart/form-data; boundary=b")

        self.assertEqual(upload(b"not a picture")[0], 400)
        media = json.loads(upload(PNG)[2])["id"]
        self.assertEqual(self.whatsapp({"type": "image", "image": {"id": media, "caption": "c"}})[0], 200)

    def test_faults_come_as_ordered_and_then_stop(self):
        self.control("fault", {"method": "chat.postMessage", "slack": "ratelimited", "retry_after": 3})
        status, headers, _ = self.post("/api/chat.postMessage", {"channel": CHANNEL, "text": "x"})
        self.assertEqual((status, headers["Retry-After"]), (429, "3"))
        self.assertTrue(self.slack("chat.postMessage", {"channel": CHANNEL, "text": "x"})["ok"])
        self.control("fault", {"method": "messages", "whatsapp": 130429})
        self.assertEqual(self.whatsapp({"type": "text", "text": {"body": "x"}})[0], 429)
        self.control("fault", {"status": 503})
        self.assertEqual(self.post("/v23.0/555/messages", {})[0], 503)

    def test_a_dropped_connection_may_have_posted(self):
        for drop, posted in (("before", 0), ("after", 1)):
            self.control("fault", {"drop": drop})
            with self.assertRaises(OSError):
                self.post("/api/chat.postMessage", {"channel": CHANNEL, "text": "x"})
            self.assertEqual(len(self.server.slack.channels.get(CHANNEL, [])), posted)


if __name__ == "__main__":
    unittest.main()
