#!/usr/bin/env python3
"""A chat service for tests: the Slack Web API, Slack's incoming webhook and the WhatsApp Cloud API, as documented.

It checks what it is sent against the documented limits, keeps the state that a channel would show, writes each
request to a JSONL file, and answers with faults on demand. Standard library only.

    python3 chat_server.py --port 0 --record requests.jsonl     # prints "listening on http://127.0.0.1:PORT"

Control, for tests:
    POST /_control/fault     {"method": "chat.postMessage" | "messages" | "webhook" | "*", "times": 1, and one of
                              "slack": "invalid_auth", "whatsapp": 131047, "status": 500, "drop": "before" | "after",
                              "garbage": true; "retry_after": 2}
    POST /_control/session   {"to": "4912345", "open": false}    # WhatsApp's 24-hour window, open unless said so
    POST /_control/files     {"busy_for": 2}                     # the next file is not ready for its first 2 uses
    POST /_control/say       {"to": "http://127.0.0.1:PORT", "secret": "...", and one of
                              "slack": {"channel", "user", "text", "thread_ts"}, "press": {"channel", "user", "ts"},
                              "command": {"channel", "user", "text"}, "whatsapp": {"from", "text", "context"};
                              "times": 2 sends the same again; "over": "socket" sends it through Socket Mode}: what a
                              person does, signed as the service signs it
    POST /_control/socket    {"disconnect": "refresh_requested"}     # Socket Mode: this connection ends soon
    POST /_control/reset
    GET  /_control/state     {"slack": {channel: [message, ...]}, "whatsapp": [...], "webhook": [...]}
    GET  /_control/records   every request so far
"""
import argparse
import email.parser
import email.policy
import hashlib
import hmac
import json
import re
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import socket_mode

MOST_BODY_BYTES = 20 << 20
SLACK_CHANNEL = re.compile(r"^[CDG][A-Z0-9]{8,}$")
SLACK_FILE = re.compile(r"^F[A-Z0-9]{8,}$")
WHATSAPP_PATH = re.compile(r"^/v\d+\.\d+/(\d+)/(messages|media)$")


class Refused(Exception):
    """A documented error: Slack's name or WhatsApp's code, with details."""

    def __init__(self, error, details=""):
        super().__init__(f"{error}: {details}")
        self.error = error
        self.details = details


# --- Slack: https://docs.slack.dev/reference/block-kit/blocks -------------------------------------------------------

MOST_BLOCKS_TEXT = 10_000  # undocumented: https://github.com/slackapi/bolt-js/issues/2867


def check_text_object(text, pointer, kinds, most, least=1):
    if not isinstance(text, dict) or text.get("type") not in kinds:
        raise Refused("invalid_blocks", f"invalid text object [json-pointer:{pointer}]")
    value = text.get("text")
    if not isinstance(value, str) or len(value) < least:
        raise Refused("invalid_blocks", f"must be more than {least - 1} characters [json-pointer:{pointer}/text]")
    if len(value) > most:
        raise Refused("invalid_blocks", f"must be less than {most + 1} characters [json-pointer:{pointer}/text]")
    allowed = {"type", "text", "emoji"} if text["type"] == "plain_text" else {"type", "text", "verbatim"}
    if set(text) - allowed:
        raise Refused("invalid_blocks", f"no more than the documented fields [json-pointer:{pointer}]")
    return len(value)


def check_image(block, pointer, files):
    alt = block.get("alt_text")
    if not isinstance(alt, str) or not alt or len(alt) > 2000:
        raise Refused("invalid_blocks", f"alt_text of 1 to 2000 characters [json-pointer:{pointer}/alt_text]")
    if ("slack_file" in block) == ("image_url" in block):
        raise Refused("invalid_blocks", f"one of image_url and slack_file [json-pointer:{pointer}]")
    if "slack_file" in block:
        file_id = block["slack_file"].get("id", "")
        if not SLACK_FILE.match(file_id):
            raise Refused("invalid_blocks", f"input must match ^F[A-Z0-9]{{8,}}$ [json-pointer:{pointer}/slack_file/id]")
        file = files.get(file_id)
        if file is None or not file["complete"]:
            raise Refused("invalid_blocks", f"invalid slack file [json-pointer:{pointer}/slack_file]")
        if file["busy_for"] > 0:
            file["busy_for"] -= 1
            raise Refused("invalid_blocks", f"invalid slack file [json-pointer:{pointer}/slack_file]")
    return len(alt)


def check_actions(elements, pointer):
    if not isinstance(elements, list) or not 1 <= len(elements) <= 25:
        raise Refused("invalid_blocks", f"1 to 25 items [json-pointer:{pointer}/elements]")
    for element in elements:
        if element.get("type") != "button" or set(element) - {"type", "text", "action_id", "value", "style"}:
            raise Refused("invalid_blocks", f"a button of the documented fields [json-pointer:{pointer}/elements]")
        check_text_object(element.get("text"), pointer + "/elements/text", {"plain_text"}, 75)
        if not 1 <= len(element.get("action_id") or "") <= 255:
            raise Refused("invalid_blocks", f"action_id of 1 to 255 characters [json-pointer:{pointer}/elements]")


def check_blocks(blocks, files):
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format", "blocks is not an array")
    if len(blocks) > 50:
        raise Refused("invalid_blocks", "no more than 50 items allowed [json-pointer:/blocks]")
    total = 0
    for number, block in enumerate(blocks):
        pointer = f"/blocks/{number}"
        kind = block.get("type") if isinstance(block, dict) else None
        if kind == "header":
            total += check_text_object(block.get("text"), pointer + "/text", {"plain_text"}, 150)
        elif kind == "section":
            total += check_text_object(block.get("text"), pointer + "/text", {"plain_text", "mrkdwn"}, 3000)
        elif kind == "context":
            elements = block.get("elements")
            if not isinstance(elements, list) or not 1 <= len(elements) <= 10:
                raise Refused("invalid_blocks", f"1 to 10 items [json-pointer:{pointer}/elements]")
            for element in elements:
                total += check_text_object(element, pointer + "/elements", {"plain_text", "mrkdwn"}, 2000)
        elif kind == "image":
            total += check_image(block, pointer, files)
        elif kind == "actions":
            check_actions(block.get("elements"), pointer)
        elif kind != "divider":
            raise Refused("invalid_blocks", f"unsupported type: {kind} [json-pointer:{pointer}]")
    if total > MOST_BLOCKS_TEXT:
        raise Refused("msg_blocks_too_long", f"{total} characters")


def marked_up(payload):
    """What Slack would act on in the texts: broadcast and other mentions, and links."""
    texts = [payload.get("text") or ""]
    for block in payload.get("blocks") or []:
        if isinstance(block.get("text"), dict):
            texts.append(block["text"]["text"])
        texts += [text["text"] if isinstance(text, dict) else text
                  for text in (element.get("text", "") for element in block.get("elements", []))]
    joined = "\n".join(texts)
    return {"mentions": re.findall(r"<[!@#][^>]*>", joined), "links": re.findall(r"<(https?://[^|>]+)", joined)}


class Slack:
    def __init__(self):
        self.channels = {}
        self.files = {}
        self.busy_for = 0
        self.clock = 1795464000

    def next_ts(self):
        self.clock += 1
        return f"{self.clock}.000100"

    def find(self, channel, ts):
        return next((m for m in self.channels.get(channel, []) if m["ts"] == ts), None)

    def check_message(self, args):
        channel = args.get("channel") or ""
        if not SLACK_CHANNEL.match(channel):
            raise Refused("channel_not_found")
        text, blocks = args.get("text"), args.get("blocks")
        if not text and not blocks:
            raise Refused("no_text")
        if text is not None and not isinstance(text, str):
            raise Refused("invalid_arguments", "text")
        if text and len(text) > 40_000:
            raise Refused("msg_too_long", "the real service truncates here; a test should not come near")
        if blocks is not None:
            check_blocks(blocks, self.files)
        metadata = args.get("metadata")
        if metadata is not None and not (isinstance(metadata.get("event_type"), str)
                                         and isinstance(metadata.get("event_payload"), dict)):
            raise Refused("invalid_metadata_format")
        return channel

    def chat_postMessage(self, args, base):
        channel = self.check_message(args)
        thread = args.get("thread_ts")
        if thread and not self.find(channel, thread):
            raise Refused("thread_not_found")
        message = {"ts": self.next_ts(), "text": args.get("text"), "blocks": args.get("blocks"),
                   "metadata": args.get("metadata"), "thread_ts": thread, "edits": 0}
        self.channels.setdefault(channel, []).append(message)
        return {"channel": channel, "ts": message["ts"], "message": {"text": message["text"]}}

    def chat_update(self, args, base):
        channel = self.check_message(args)
        message = self.find(channel, args.get("ts"))
        if message is None:
            raise Refused("message_not_found")
        message.update(text=args.get("text"), blocks=args.get("blocks"), edits=message["edits"] + 1,
                       metadata=args.get("metadata") or message["metadata"])
        return {"channel": channel, "ts": message["ts"], "text": message["text"]}

    def listed(self, messages, args):
        with_metadata = str(args.get("include_all_metadata", "")).lower() in ("true", "1")
        limit = int(args.get("limit") or 100)
        if not 1 <= limit <= 999:
            raise Refused("invalid_limit")
        rows = [{"type": "message", "ts": m["ts"], "text": m["text"],
                 **({"metadata": m["metadata"]} if with_metadata and m["metadata"] else {})} for m in messages]
        return {"messages": rows[:limit], "has_more": len(rows) > limit}

    def conversations_history(self, args, base):
        if not SLACK_CHANNEL.match(args.get("channel") or ""):
            raise Refused("channel_not_found")
        top = [m for m in self.channels.get(args["channel"], []) if not m["thread_ts"]]
        return self.listed(top[::-1], args)

    def conversations_replies(self, args, base):
        channel, ts = args.get("channel"), args.get("ts")
        if not self.find(channel, ts):
            raise Refused("thread_not_found")
        return self.listed([m for m in self.channels[channel] if ts in (m["ts"], m["thread_ts"])], args)

    def files_getUploadURLExternal(self, args, base):
        if not args.get("filename") or int(args.get("length") or 0) <= 0:
            raise Refused("invalid_arguments", "filename and length")
        file_id = f"F{len(self.files) + 1:09d}"
        self.files[file_id] = {"length": int(args["length"]), "bytes": None, "complete": False,
                               "alt": args.get("alt_txt"), "busy_for": self.busy_for}
        self.busy_for = 0
        return {"upload_url": f"{base}/upload/v1/{file_id}", "file_id": file_id}

    def upload(self, file_id, body):
        file = self.files.get(file_id)
        if file is None or len(body) != file["length"]:
            return 400, "wrong length"
        file["bytes"] = len(body)
        return 200, f"OK - {len(body)}"

    def files_completeUploadExternal(self, args, base):
        rows = args.get("files")
        rows = json.loads(rows) if isinstance(rows, str) else rows
        if not rows:
            raise Refused("invalid_arguments", "files")
        for row in rows:
            file = self.files.get(row.get("id"))
            if file is None or file["bytes"] is None:
                raise Refused("file_not_found")
            file["complete"] = True
        return {"files": [{"id": row["id"], "title": row.get("title")} for row in rows]}

    def auth_test(self, args, base):
        return {"url": base + "/", "team": "Tests", "user": "convops", "team_id": "T00000001", "user_id": "U00000001"}

    # Methods that read take only forms: https://docs.slack.dev/apis/web-api/#methods_supporting_json
    TAKES_JSON = {"chat.postMessage", "chat.update", "files.completeUploadExternal", "auth.test"}

    def call(self, method, args, is_json, token, base):
        if not token:
            raise Refused("not_authed")
        if method == "apps.connections.open":
            if not token.startswith("xapp-"):
                raise Refused("not_allowed_token_type")
            return {"url": base.replace("http://", "ws://") + "/socket/?ticket=0123456789abcdef&app_id=A1"}
        if not token.startswith(("xoxb-", "xoxp-")) or token == "xoxb-bad":
            raise Refused("invalid_auth")
        function = getattr(self, method.replace(".", "_"), None)
        if function is None or "." not in method:
            raise Refused("unknown_method")
        if is_json and method not in self.TAKES_JSON:
            raise Refused("invalid_arguments", "this method takes a form")
        return function(args, base)


# --- WhatsApp: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages ---------------------------

WHATSAPP_STATUS = {0: 401, 190: 401, 4: 429, 80007: 429, 130429: 429, 131056: 400, 1: 400, 2: 503, 131000: 500,
                   131016: 503, 131057: 503, 133004: 503, 10: 403, 368: 403, 131031: 403, 132001: 404}


class WhatsApp:
    def __init__(self):
        self.messages = []
        self.media = {}
        self.closed_sessions = set()
        self.received = set()  # ids of messages that people wrote

    def check_text(self, value, most, name):
        if not isinstance(value, str) or not value:
            raise Refused(131008, f"{name} is required")
        if len(value) > most:
            raise Refused(100, f"{name} must be at most {most} characters long")

    def check_template(self, template):
        if not isinstance(template, dict) or not re.match(r"^[a-z0-9_]{1,512}$", template.get("name") or ""):
            raise Refused(132001, "template name does not exist")
        if not (template.get("language") or {}).get("code"):
            raise Refused(131008, "template.language.code is required")
        total = 0
        for component in template.get("components", []):
            for parameter in component.get("parameters", []):
                value = parameter.get("text")
                self.check_text(value, 1024, "parameter text")
                if re.search(r"[\n\t]| {5,}", value):
                    raise Refused(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive "
                                          "spaces")
                total += len(value)
        if total > 1024:
            raise Refused(132005, "translated text too long")

    # https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-reply-buttons-messages
    def check_buttons(self, interactive):
        if interactive.get("type") != "button":
            raise Refused(131009, "interactive.type")
        header = interactive.get("header")
        if header is not None:
            if header.get("type") != "image" or (header.get("image") or {}).get("id") not in self.media:
                raise Refused(131052, "media not found")
        self.check_text((interactive.get("body") or {}).get("text"), 1024, "interactive.body.text")
        buttons = (interactive.get("action") or {}).get("buttons") or []
        if not 1 <= len(buttons) <= 3:
            raise Refused(131009, "one to three buttons")
        titles = set()
        for button in buttons:
            reply = button.get("reply") or {}
            if button.get("type") != "reply":
                raise Refused(131009, "button type")
            self.check_text(reply.get("title"), 20, "button title")
            self.check_text(reply.get("id"), 256, "button id")
            titles.add(reply["title"])
        if len(titles) < len(buttons):
            raise Refused(131009, "button titles must be unique")

    def check_content(self, body):
        kind = body.get("type", "text")
        if kind == "text":
            text = body.get("text") or {}
            self.check_text(text.get("body"), 4096, "text.body")
            if not isinstance(text.get("preview_url", False), bool):
                raise Refused(100, "preview_url must be a boolean")
        elif kind == "image":
            image = body.get("image") or {}
            if image.get("id") not in self.media:
                raise Refused(131052, "media not found")
            if "caption" in image:
                self.check_text(image["caption"], 1024, "image.caption")
        elif kind == "template":
            self.check_template(body.get("template"))
        elif kind == "interactive":
            self.check_buttons(body.get("interactive") or {})
        else:
            raise Refused(131051, f"unsupported message type {kind}")
        return kind

    def send(self, phone_number_id, body):
        if body.get("messaging_product") != "whatsapp":
            raise Refused(100, "messaging_product is required")
        to = body.get("to")
        if not isinstance(to, str) or not re.match(r"^\+?\d{5,20}$", to):
            raise Refused(100, "to must be a phone number")
        if len(body.get("biz_opaque_callback_data") or "") > 512:
            raise Refused(100, "biz_opaque_callback_data is too long")
        context = (body.get("context") or {}).get("message_id")
        if context is not None and context not in {m["id"] for m in self.messages} | self.received:
            raise Refused(131009, "context.message_id")
        kind = self.check_content(body)
        if kind != "template" and to in self.closed_sessions:
            raise Refused(131047, "More than 24 hours have passed since the recipient last replied")
        message = {"id": f"wamid.{len(self.messages) + 1:06d}", "to": to, "type": kind, "body": body}
        self.messages.append(message)
        return {"messaging_product": "whatsapp", "contacts": [{"input": to, "wa_id": to}],
                "messages": [{"id": message["id"]}]}

    def upload(self, content_type, body):
        parts = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(
            b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
        if not parts.is_multipart():
            raise Refused(100, "multipart/form-data is required")
        fields = {part.get_param("name", header="content-disposition"): part for part in parts.iter_parts()}
        if "file" not in fields or "messaging_product" not in fields:
            raise Refused(100, "file and messaging_product are required")
        content = fields["file"].get_payload(decode=True)
        if fields["file"].get_content_type() != "image/png" or not content.startswith(b"\x89PNG\r\n\x1a\n"):
            raise Refused(131053, "the file is not of the type it says")
        if len(content) > 5 << 20:
            raise Refused(131053, "images may have 5 MB")
        media_id = str(1000 + len(self.media))
        self.media[media_id] = len(content)
        return {"id": media_id}


def whatsapp_error(code, details=""):
    return {"error": {"message": f"(#{code}) refused", "type": "OAuthException", "code": code,
                      "error_data": {"messaging_product": "whatsapp", "details": details}, "fbtrace_id": "test"}}


# --- What people do, as the services tell it to an app --------------------------------------------------------------

# https://docs.slack.dev/apis/events-api/, .../reference/interaction-payloads/block_actions-payload,
# .../interactivity/implementing-slash-commands
def slack_request(args, number):
    now = time.time()
    if "slack" in args:
        said = args["slack"]
        event = {"type": "message", "channel": said["channel"], "user": said.get("user", "U00000007"), "text": said["text"],
                 "ts": f"{int(now)}.{number:06d}", "channel_type": "channel"}
        if said.get("thread_ts"):
            event["thread_ts"] = said["thread_ts"]
        body = {"token": "verification", "team_id": "T00000001", "api_app_id": "A1", "type": "event_callback",
                "event_id": f"Ev{number:08d}", "event_time": int(now), "event": event,
                "authorizations": [{"team_id": "T00000001", "user_id": "U00000001", "is_bot": True}]}
        return "/v1/slack/events", "application/json", json.dumps(body)
    if "press" in args:
        pressed = args["press"]
        payload = {"type": "block_actions", "team": {"id": "T00000001"},
                   "user": {"id": pressed.get("user", "U00000007"), "team_id": pressed.get("team", "T00000001")},
                   "container": {"type": "message", "message_ts": pressed["ts"], "channel_id": pressed["channel"]},
                   "channel": {"id": pressed["channel"]}, "message": {"type": "message", "ts": pressed["ts"]},
                   "actions": [{"type": "button", "action_id": pressed["action_id"], "value": pressed.get("value", ""),
                                "action_ts": f"{int(now)}.{number:06d}"}]}
        return "/v1/slack/interactive", "application/x-www-form-urlencoded", urllib.parse.urlencode({"payload": json.dumps(payload)})
    typed = args["command"]
    return "/v1/slack/command", "application/x-www-form-urlencoded", urllib.parse.urlencode(
        {"command": "/convops", "text": typed["text"], "channel_id": typed["channel"], "user_id": typed.get("user", "U00000007"),
         "trigger_id": f"1334.738.{number:08d}"})


# https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples
def whatsapp_request(said, number):
    message = {"from": said["from"], "id": f"wamid.IN{number:06d}", "timestamp": str(int(time.time()))}
    if "button" in said:
        message |= {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": said["button"], "title": said["text"]}}}
    else:
        message |= {"type": "text", "text": {"body": said["text"]}}
    if said.get("context"):
        message["context"] = {"from": "15550000000", "id": said["context"]}
    value = {"messaging_product": "whatsapp", "metadata": {"display_phone_number": "15550000000", "phone_number_id": "100000000000001"},
             "contacts": [{"profile": {"name": "Ada"}, "wa_id": said["from"]}], "messages": [message]}
    body = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]}
    return message["id"], json.dumps(body, ensure_ascii=False)


def envelope_of(args, number):
    path, _, text = slack_request(args, number)
    if path.endswith("events"):
        return "events_api", json.loads(text)
    form = dict(urllib.parse.parse_qsl(text))
    return ("interactive", json.loads(form["payload"])) if "payload" in form else ("slash_commands", form)


def signed(args, number):
    """The request of one act, as (path, headers, body), and the id of the message that a person wrote in WhatsApp."""
    key = args["secret"].encode()
    if "whatsapp" in args:
        message_id, text = whatsapp_request(args["whatsapp"], number)
        body = text.encode()
        signature = "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()
        return ("/v1/whatsapp", {"Content-Type": "application/json", "X-Hub-Signature-256": signature}, body), message_id
    path, kind, text = slack_request(args, number)
    body, timestamp = text.encode(), str(int(time.time()))
    signature = "v0=" + hmac.new(key, f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
    return (path, headers, body), None


# --- The server -----------------------------------------------------------------------------------------------------

class ChatServer(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port=0, record=None):
        super().__init__(("127.0.0.1", port), Exchange)
        self.lock = threading.Lock()
        self.record_file = open(record, "a", encoding="utf-8") if record else None
        self.reset()

    def reset(self):
        self.slack, self.whatsapp, self.webhook = Slack(), WhatsApp(), []
        self.faults, self.records = [], []
        self.acts = 0
        self.sockets = []  # of Socket Mode, oldest first

    def say_over_socket(self, args):
        kind, payload = envelope_of(args, self.acts)
        envelope = {"type": kind, "envelope_id": f"envelope-{self.acts}", "accepts_response_payload": False, "payload": payload}
        return {"acknowledged": [bool(self.sockets) and self.sockets[-1].deliver(envelope) for _ in range(args.get("times", 1))]}

    def say(self, args):
        self.acts += 1
        if args.get("over") == "socket":
            return self.say_over_socket(args)
        (path, headers, body), message_id = signed(args, self.acts)
        if message_id:
            self.whatsapp.received.add(message_id)
            self.whatsapp.closed_sessions.discard(args["whatsapp"]["from"])  # it opens the 24 hours
        statuses = []
        for _ in range(args.get("times", 1)):
            request = urllib.request.Request(args["to"] + path, data=body, headers=headers, method="POST")
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    statuses.append(answer.status)
            except urllib.error.HTTPError as error:
                statuses.append(error.code)
        return {"statuses": statuses}

    @property
    def base(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def take_fault(self, method):
        for fault in self.faults:
            if fault.get("method", "*") in ("*", method):
                fault["times"] = fault.get("times", 1) - 1
                if fault["times"] <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    def keep(self, record):
        self.records.append(record)
        if self.record_file:
            self.record_file.write(json.dumps(record, ensure_ascii=False) + "\n")
            self.record_file.flush()

    def state(self):
        return {"slack": self.slack.channels, "files": self.slack.files, "whatsapp": self.whatsapp.messages,
                "media": self.whatsapp.media, "webhook": self.webhook, "sockets": len(self.sockets)}


class Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ChatServer

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path.startswith("/socket/") and self.headers.get("Upgrade", "").lower() == "websocket":
            socket = socket_mode.Socket(self)
            self.server.sockets.append(socket)
            socket.serve()
            self.server.sockets.remove(socket)
            self.close_connection = True
            return None
        with self.server.lock:
            if self.path == "/_control/state":
                return self.answer(200, self.server.state())
            if self.path == "/_control/records":
                return self.answer(200, self.server.records)
        return self.answer(404, {"error": "not found"})

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BODY_BYTES:
            self.close_connection = True
            return self.answer(413, {"error": "too large"})
        body = self.rfile.read(length)
        if self.path == "/_control/say":  # without the lock: the app may call back meanwhile
            return self.answer(200, self.server.say(json.loads(body)))
        with self.server.lock:
            if self.path.startswith("/_control/"):
                return self.control(self.path.removeprefix("/_control/"), json.loads(body or b"{}"))
            return self.exchange(body)

    def control(self, what, args):
        if what == "fault":
            self.server.faults.append(args)
        elif what == "session":
            sessions = self.server.whatsapp.closed_sessions
            (sessions.discard if args["open"] else sessions.add)(args["to"])
        elif what == "files":
            self.server.slack.busy_for = args["busy_for"]
        elif what == "socket":
            self.server.sockets[-1].disconnect(args["disconnect"])
        elif what == "reset":
            self.server.reset()
        else:
            return self.answer(404, {"error": "no such control"})
        return self.answer(200, {"ok": True})

    def exchange(self, body):
        method = self.method_name()
        record = {"method": method, "path": self.path, "authorized": "Authorization" in self.headers}
        fault = self.server.take_fault(method)
        if fault and fault.get("drop") == "before":
            self.server.keep({**record, "fault": fault, "status": None})
            return self.drop()
        faulty = fault is not None and "drop" not in fault
        status, answer, headers, noted = self.faulty(fault) if faulty else self.normal(method, body)
        self.server.keep({**record, **noted, "status": status, "answer": answer,
                          **({"fault": fault} if fault else {})})
        if fault and fault.get("drop") == "after":
            return self.drop()
        return self.answer(status, answer, headers)

    def method_name(self):
        path = urllib.parse.urlsplit(self.path).path
        if path.startswith("/api/"):
            return path.removeprefix("/api/")
        if path.startswith("/services/"):
            return "webhook"
        if path.startswith("/upload/"):
            return "upload"
        match = WHATSAPP_PATH.match(path)
        return match[2] if match else path

    def faulty(self, fault):
        headers = {"Retry-After": str(fault["retry_after"])} if "retry_after" in fault else {}
        if "slack" in fault:
            limited = fault["slack"] in ("ratelimited", "rate_limited")
            return 429 if limited else 200, {"ok": False, "error": fault["slack"]}, headers, {}
        if "whatsapp" in fault:
            code = fault["whatsapp"]
            return WHATSAPP_STATUS.get(code, 400), whatsapp_error(code, fault.get("details", "")), headers, {}
        if fault.get("garbage"):
            return fault.get("status", 200), "<html>a proxy's page</html>", headers, {}
        return fault.get("status", 500), fault.get("body", ""), headers, {}

    def normal(self, method, body):
        if self.path.startswith("/api/"):
            return self.slack_call(method, body)
        if method == "webhook":
            return self.webhook_call(body)
        if method == "upload":
            status, text = self.server.slack.upload(self.path.rsplit("/", 1)[1], body)
            return status, text, {}, {"bytes": len(body)}
        if WHATSAPP_PATH.match(self.path):
            return self.whatsapp_call(method, body)
        return 404, {"error": "not found"}, {}, {}

    def bearer(self):
        value = self.headers.get("Authorization") or ""
        return value.removeprefix("Bearer ") if value.startswith("Bearer ") else ""

    def slack_call(self, method, body):
        is_json = (self.headers.get("Content-Type") or "").startswith("application/json")
        args = {}
        try:
            args = json.loads(body) if is_json else dict(urllib.parse.parse_qsl(body.decode(), strict_parsing=bool(body)))
            answer = {"ok": True, **self.server.slack.call(method, args, is_json, self.bearer(), self.server.base)}
        except ValueError:
            answer = {"ok": False, "error": "invalid_json" if is_json else "invalid_form_data"}
        except Refused as refused:
            answer = {"ok": False, "error": refused.error}
            if refused.details:
                answer["errors"] = [refused.details]
                answer["response_metadata"] = {"messages": ["[ERROR] " + refused.details]}
        noted = {"args": args}
        if answer["ok"] and method.startswith("chat."):
            noted["marked_up"] = marked_up(args)
        return 200, answer, {}, noted

    def webhook_call(self, body):
        try:
            payload = json.loads(body)
            if not payload.get("text") and not payload.get("blocks"):
                raise Refused("no_text")
            if payload.get("blocks") is not None:
                check_blocks(payload["blocks"], {})
        except ValueError:
            return 400, "invalid_payload", {}, {}
        except Refused as refused:
            return 400, refused.error, {}, {"details": refused.details}
        self.server.webhook.append(payload)
        return 200, "ok", {}, {"args": payload, "marked_up": marked_up(payload)}

    def whatsapp_call(self, method, body):
        args = {}
        try:
            if not self.bearer() or self.bearer() == "bad":
                raise Refused(190, "Invalid OAuth access token")
            if method == "media":
                answer = self.server.whatsapp.upload(self.headers.get("Content-Type") or "", body)
                return 200, answer, {}, {"bytes": len(body)}
            args = json.loads(body)
            return 200, self.server.whatsapp.send(WHATSAPP_PATH.match(self.path)[1], args), {}, {"args": args}
        except ValueError:
            return 400, whatsapp_error(100, "not JSON"), {}, {}
        except Refused as refused:
            status = WHATSAPP_STATUS.get(refused.error, 400)
            return status, whatsapp_error(refused.error, refused.details), {}, {"args": args}

    def drop(self):
        self.close_connection = True
        self.wfile.flush()

    def answer(self, status, body, headers=None):
        is_text = isinstance(body, str)
        content = body.encode() if is_text else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if is_text else "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def main():
    parser = argparse.ArgumentParser(description="Slack and WhatsApp for tests")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--record", help="JSONL file to append each request to")
    args = parser.parse_args()
    server = ChatServer(args.port, args.record)
    print(f"listening on {server.base}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
