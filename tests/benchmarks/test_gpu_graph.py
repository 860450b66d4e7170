"""The decoder that `benchmarks.gpu` captures is the model's own, token by token."""

from typing import Any

import pytest

torch: Any = pytest.importorskip("torch", reason="the experts' libraries are not installed")
transformers: Any = pytest.importorskip("transformers", reason="the experts' libraries are not installed")

from benchmarks.gpus.graph import Step  # noqa: E402

BOOKS, VOCABULARY, STEPS = 4, 32, 7


@pytest.fixture
def decoder() -> Any:
    torch.manual_seed(0)
    config = transformers.MusicgenDecoderConfig(
        vocab_size=VOCABULARY,
        hidden_size=16,
        num_hidden_layers=3,
        num_attention_heads=4,
        ffn_dim=32,
        num_codebooks=BOOKS,
        pad_token_id=VOCABULARY,
        bos_token_id=VOCABULARY,
        initializer_factor=0.3,
    )
    return transformers.MusicgenForCausalLM(config).eval()


def test_every_step_has_the_logits_of_the_model_itself(decoder: Any) -> None:
    told = torch.randn(4, 5, 16)
    tokens = torch.randint(0, VOCABULARY, (4, BOOKS, STEPS))
    with torch.inference_mode():
        whole = decoder(tokens.reshape(-1, STEPS), encoder_hidden_states=told).logits.view(4, BOOKS, STEPS, VOCABULARY)
        step = Step(decoder, told, STEPS)
        for place in range(STEPS):
            step.tokens.copy_(tokens[:, :, place])
            step.position.fill_(place)
            torch.testing.assert_close(step.logits(), whole[:, :, place], atol=1e-4, rtol=1e-4)
    assert whole.std() > 0.1, "all logits alike would say nothing"


def test_a_draw_goes_one_further_and_keeps_both_halves_alike(decoder: Any) -> None:
    with torch.inference_mode():
        step = Step(decoder, torch.randn(4, 5, 16), STEPS)
        draw = step.captured()
        seen = []
        for _ in range(STEPS):
            draw()
            seen.append(step.tokens.clone())
    assert step.position.item() == STEPS
    assert all(torch.equal(tokens[:2], tokens[2:]) for tokens in seen)
    assert len({tuple(tokens.flatten().tolist()) for tokens in seen}) > 1
