"""Reads what the server answers with the clients that two generators made: read.py ORIGIN FOLDER"""
import importlib, pathlib, sys

origin, folder = sys.argv[1], sys.argv[2]
sys.path.insert(0, folder)
ID, RANGE = "mlp-1x512.true", {"start": 0, "end": 100}


def of_openapi_python_client():
    from first import Client

    client = Client(origin, raise_on_unexpected_status=True, timeout=300)
    def ask(module, *ids, **query):
        return importlib.import_module(f"first.api.{module}").sync(*ids, client=client, **query)
    yield len(ask("claims.get_v1_claims").claims)
    ids = [c.id for c in ask("checkpoints.get_v1_checkpoints").checkpoints]
    yield [ask("checkpoints.get_v1_checkpoints_by_id", id).fixture.gap.decimal for id in ids]
    yield ask("checkpoints.get_v1_checkpoints_by_id_evaluations_by_split", ID, "test", **RANGE).correct
    of = ask("claims.get_v1_claims_by_id_verification", "theorem-1", shards=1, seed=7).report
    yield of.sampling.shards, of.verdicts[0].status.value


def of_openapi_generator():
    import second

    api = second.ApiClient(second.Configuration(host=origin))
    claims, checkpoints = second.ClaimsApi(api), second.CheckpointsApi(api)
    yield len(claims.get_v1_claims().claims)
    ids = [c.id for c in checkpoints.get_v1_checkpoints().checkpoints]
    yield [checkpoints.get_v1_checkpoints_by_id(id).fixture.gap.decimal for id in ids]
    yield checkpoints.get_v1_checkpoints_by_id_evaluations_by_split(ID, "test", **RANGE).correct
    of = claims.get_v1_claims_by_id_verification("theorem-1", shards=1, seed=7).report
    yield of.sampling.shards.actual_instance, of.verdicts[0].status


READERS = {"first": of_openapi_python_client, "second": of_openapi_generator}
read = {name: list(reader()) for name, reader in READERS.items() if pathlib.Path(folder, name).exists()}
for name, answers in read.items(): print(name, answers)
