"""SeamlessM4T v2 with one layer of everything, for English and French: 1 MB."""

from pathlib import Path


def build(folder: Path) -> None:
    import torch
    from transformers import GenerationConfig, SeamlessM4TFeatureExtractor, SeamlessM4Tv2Config, SeamlessM4Tv2Model

    from .words import tokenizer

    torch.manual_seed(0)
    words = tokenizer()
    config = SeamlessM4Tv2Config(
        vocab_size=300,
        t2u_vocab_size=80,
        hidden_size=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        speech_encoder_layers=1,
        speech_encoder_attention_heads=2,
        speech_encoder_intermediate_size=32,
        t2u_encoder_layers=1,
        t2u_decoder_layers=1,
        t2u_encoder_attention_heads=2,
        t2u_decoder_attention_heads=2,
        t2u_encoder_ffn_dim=32,
        t2u_decoder_ffn_dim=32,
        char_vocab_size=40,
        unit_hifi_gan_vocab_size=80,
        unit_embed_dim=16,
        lang_embed_dim=8,
        spkr_embed_dim=8,
        vocoder_num_langs=3,
        vocoder_num_spkrs=2,
        upsample_initial_channel=64,
        upsample_rates=[5, 4, 4, 2, 2],
        variance_predictor_embed_dim=16,
        variance_predictor_hidden_dim=16,
        variance_pred_hidden_dim=16,
        t2u_variance_predictor_embed_dim=16,
        t2u_variance_predictor_hidden_dim=16,
        max_new_tokens=16,
        t2u_max_new_tokens=16,
        pad_token_id=0,
        bos_token_id=2,
        eos_token_id=1,
        t2u_pad_token_id=0,
        t2u_eos_token_id=1,
        t2u_bos_token_id=2,
        decoder_start_token_id=1,
        initializer_range=0.5,  # with less, every sound would be the same words
    )
    model = SeamlessM4Tv2Model(config)
    letters = {words.convert_tokens_to_ids(one) for one in "abcdefghijklmnopqrstuvwxyzĠ"}
    said = GenerationConfig(
        max_new_tokens=12,
        decoder_start_token_id=1,
        eos_token_id=1,
        pad_token_id=0,
        suppress_tokens=[token for token in range(300) if token not in letters | {1}],
        begin_suppress_tokens=[1],
    )
    said.text_decoder_lang_to_code_id = {"eng": 5, "fra": 6}
    said.t2u_lang_code_to_id = {"eng": 5, "fra": 6}
    said.vocoder_lang_code_to_id = {"eng": 0, "fra": 1}
    said.id_to_text = {str(token): chr(97 + token % 26) for token in range(300)}
    said.char_to_id = {chr(97 + letter): letter + 1 for letter in range(26)}
    model.generation_config = said
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    SeamlessM4TFeatureExtractor().save_pretrained(folder)
