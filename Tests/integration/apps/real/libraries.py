"""Libraries with C code of their own, each used by eight threads at once."""

import hashlib
import json
import os
import threading
from urllib.parse import parse_qs

import numpy
import sqlalchemy
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.orm import declarative_base, sessionmaker

PARTIES = 8
ROUNDS = 20

barrier = threading.Barrier(PARTIES)

engine = sqlalchemy.create_engine(
    "sqlite:///" + os.environ["TEST_DATABASE"], connect_args={"timeout": 60}, pool_size=PARTIES
)
Base = declarative_base()
Session = sessionmaker(engine)


class Entry(Base):
    __tablename__ = "entries"
    id = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)
    client = sqlalchemy.Column(sqlalchemy.String, index=True)
    number = sqlalchemy.Column(sqlalchemy.Integer)


Base.metadata.create_all(engine)


def use_sqlalchemy(client):
    """Rows of this client's own, each in a transaction, some of which are rolled back."""
    for number in range(ROUNDS):
        with Session.begin() as session:
            session.add(Entry(client=client, number=number))
        with Session() as session:
            session.add(Entry(client=client, number=-1))
            session.flush()
            session.rollback()
    with Session() as session:
        query = sqlalchemy.select(Entry.number).where(Entry.client == client).order_by(Entry.number)
        return list(session.scalars(query)) == list(range(ROUNDS))


def use_numpy(client):
    """Products and solutions of matrices, whose results are known."""
    generator = numpy.random.default_rng(int(client))
    for _ in range(ROUNDS):
        matrix = generator.random((120, 120)) + 120 * numpy.eye(120)
        vector = generator.random(120)
        if not numpy.allclose(matrix @ numpy.linalg.solve(matrix, vector), vector):
            return False
        if not (numpy.sort(vector)[::-1] == sorted(vector, reverse=True)).all():
            return False
    return True


def use_cryptography(client):
    """Messages that are encrypted, signed, and read again."""
    box, key = Fernet(Fernet.generate_key()), ec.generate_private_key(ec.SECP256R1())
    for number in range(ROUNDS):
        message = hashlib.sha256(f"{client}-{number}".encode()).digest() * 2000
        if box.decrypt(box.encrypt(message)) != message:
            return False
        key.public_key().verify(key.sign(message, ec.ECDSA(hashes.SHA256())), message, ec.ECDSA(hashes.SHA256()))
    return True


USES = {"/sqlalchemy": use_sqlalchemy, "/numpy": use_numpy, "/cryptography": use_cryptography}


def application(environ, start_response):
    client = parse_qs(environ["QUERY_STRING"])["client"][0]
    barrier.wait(60)
    body = json.dumps([client, bool(USES[environ["PATH_INFO"]](client))]).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
